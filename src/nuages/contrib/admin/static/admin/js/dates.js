// A small calendar and times of day beside their fields, which stay plain fields one can type into.
"use strict";
(() => {
    const say = (text) => (window.gettext ? window.gettext(text) : text);
    const language = () => document.documentElement.lang || undefined;
    const format = (name) => (window.get_format ? window.get_format(name)[0] : null);
    let openPicker = null;

    const two = (number) => String(number).padStart(2, "0");

    // The formats of the fields are those of strftime.
    function write(date, pattern) {
        const parts = {
            Y: String(date.getFullYear()).padStart(4, "0"), y: two(date.getFullYear() % 100), m: two(date.getMonth() + 1),
            d: two(date.getDate()), H: two(date.getHours()), M: two(date.getMinutes()), S: two(date.getSeconds()),
            B: date.toLocaleString(language(), { month: "long" }), b: date.toLocaleString(language(), { month: "short" }),
        };
        return pattern.replace(/%(\w)/g, (whole, letter) => parts[letter] ?? whole);
    }

    function read(text, pattern) {
        const letters = [];
        const source = pattern.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replace(/%(\w)/g, (_whole, letter) => {
            letters.push(letter);
            return "(\\d+)";
        });
        const match = text.trim().match(new RegExp(`^${source}$`));
        if (!match) {
            return null;
        }
        const value = Object.fromEntries(letters.map((letter, index) => [letter, Number(match[index + 1])]));
        const year = value.Y ?? (value.y === undefined ? NaN : 2000 + value.y);
        const date = new Date(year, value.m - 1, value.d);
        return Number.isNaN(date.getTime()) ? null : date;
    }

    // What time it is on the server, whose times the fields hold.
    function serverNow() {
        const now = new Date();
        const offset = Number(document.body.dataset.adminUtcOffset);
        return Number.isNaN(offset) ? now : new Date(now.getTime() + (offset + now.getTimezoneOffset() * 60) * 1000);
    }

    function button(text, action, label) {
        const made = document.createElement("button");
        made.type = "button";
        made.textContent = text;
        if (label) {
            made.setAttribute("aria-label", label);
        }
        made.addEventListener("click", action);
        return made;
    }

    function close(focus) {
        if (openPicker) {
            openPicker.panel.remove();
            openPicker.trigger.setAttribute("aria-expanded", "false");
            if (focus) {
                openPicker.trigger.focus();
            }
            openPicker = null;
        }
    }

    function set(input, text) {
        input.value = text;
        input.dispatchEvent(new Event("input", { bubbles: true }));
        input.dispatchEvent(new Event("change", { bubbles: true }));
        close(true);
    }

    function calendar(input, panel, shown, focusDay) {
        const pattern = format("DATE_INPUT_FORMATS") || "%Y-%m-%d";
        const chosen = read(input.value, pattern);
        const today = serverNow();
        const same = (one, other) => one && other && one.toDateString() === other.toDateString();
        const first = window.get_format ? Number(window.get_format("FIRST_DAY_OF_WEEK")) : 1;
        const head = document.createElement("div");
        head.className = "picker-head";
        const step = (months) => calendar(input, panel, new Date(shown.getFullYear(), shown.getMonth() + months, 1));
        const title = document.createElement("strong");
        title.textContent = shown.toLocaleString(language(), { month: "long", year: "numeric" });
        title.setAttribute("aria-live", "polite");
        const [before, after] = [button("‹", () => step(-1), say("Previous month")), button("›", () => step(1), say("Next month"))];
        before.className = after.className = "icon-button";
        head.append(before, title, after);
        const table = document.createElement("table");
        const names = table.createTHead().insertRow();
        const start = new Date(shown.getFullYear(), shown.getMonth(), 1);
        start.setDate(1 - ((start.getDay() - first + 7) % 7));
        const body = table.createTBody();
        const target = focusDay || chosen || today;
        for (let week = 0; week < 6; week += 1) {
            const row = body.insertRow();
            for (let weekday = 0; weekday < 7; weekday += 1) {
                const day = new Date(start.getFullYear(), start.getMonth(), start.getDate() + week * 7 + weekday);
                if (week === 0) {
                    const name = document.createElement("th");
                    name.textContent = day.toLocaleString(language(), { weekday: "short" });
                    names.append(name);
                }
                const pick = button(day.getDate(), () => set(input, write(day, pattern)), day.toLocaleDateString(language(), { dateStyle: "full" }));
                pick.classList.toggle("outside", day.getMonth() !== shown.getMonth());
                pick.classList.toggle("today", same(day, today));
                pick.setAttribute("aria-pressed", String(same(day, chosen)));
                pick.tabIndex = same(day, target) ? 0 : -1;
                pick.dataset.day = day.getTime();
                row.insertCell().append(pick);
            }
        }
        const now = button(say("Today"), () => set(input, write(today, pattern)));
        now.className = "link-button";
        panel.replaceChildren(head, table, now);
        (panel.querySelector("td button[tabindex='0']") || panel.querySelector("td button:not(.outside)")).focus();
    }

    function moveDay(event, input, panel) {
        const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7, PageUp: -30, PageDown: 30 };
        const from = Number(event.target.dataset.day);
        if (!from || !(event.key in steps)) {
            return;
        }
        event.preventDefault();
        const mirrored = document.documentElement.dir === "rtl" && event.key.match(/Left|Right/) ? -1 : 1;
        const day = new Date(from);
        day.setDate(day.getDate() + steps[event.key] * mirrored);
        calendar(input, panel, new Date(day.getFullYear(), day.getMonth(), 1), day);
        const target = panel.querySelector(`[data-day="${day.getTime()}"]`);
        target?.focus();
    }

    function times(input, panel) {
        const pattern = format("TIME_INPUT_FORMATS") || "%H:%M:%S";
        const list = document.createElement("div");
        list.className = "times";
        const at = (hour) => write(new Date(2000, 0, 1, hour), pattern);
        list.append(button(say("Now"), () => set(input, write(serverNow(), pattern))));
        for (const [text, hour] of [["Midnight", 0], ["6 a.m.", 6], ["Noon", 12], ["6 p.m.", 18]]) {
            list.append(button(say(text), () => set(input, at(hour))));
        }
        panel.replaceChildren(list);
        list.firstElementChild.focus();
    }

    function attach(input) {
        if (input.dataset.picker || input.id.includes("__prefix__") || input.type !== "text") {
            return;
        }
        input.dataset.picker = "1";
        const isDate = input.classList.contains("vDateField");
        const wrapper = document.createElement("span");
        wrapper.className = "with-picker";
        input.before(wrapper);
        const trigger = button("", () => {
            const again = openPicker?.trigger === trigger;
            close(false);
            if (again) {
                return;
            }
            const panel = document.createElement("div");
            panel.className = "picker";
            panel.setAttribute("role", "dialog");
            panel.setAttribute("aria-label", trigger.title);
            wrapper.append(panel);
            openPicker = { panel, trigger };
            trigger.setAttribute("aria-expanded", "true");
            if (isDate) {
                calendar(input, panel, read(input.value, format("DATE_INPUT_FORMATS") || "%Y-%m-%d") || serverNow());
            } else {
                times(input, panel);
            }
            panel.addEventListener("keydown", (event) => {
                if (event.key === "Escape") {
                    event.stopPropagation();
                    close(true);
                } else {
                    moveDay(event, input, panel);
                }
            });
        });
        trigger.className = "icon-button";
        trigger.title = isDate ? say("Choose a date") : say("Choose a time");
        trigger.setAttribute("aria-label", trigger.title);
        trigger.setAttribute("aria-expanded", "false");
        const icon = document.createElement("span");
        icon.className = `icon icon-${isDate ? "calendar" : "clock"}`;
        trigger.append(icon);
        wrapper.append(input, trigger);
    }

    // Times of another zone than the reader's deserve a word.
    function warn() {
        const offset = Number(document.body.dataset.adminUtcOffset);
        const hours = (offset + new Date().getTimezoneOffset() * 60) / 3600;
        if (Number.isNaN(hours) || hours === 0) {
            return;
        }
        for (const group of document.querySelectorAll(".datetime")) {
            const note = document.createElement("span");
            note.className = "timezonewarning";
            const text = hours > 0 ? say("Server time: %s hours ahead of yours.") : say("Server time: %s hours behind yours.");
            note.textContent = text.replace("%s", Math.abs(hours));
            const id = group.querySelector("[aria-describedby]")?.getAttribute("aria-describedby");
            if (id) {
                note.id = id;
            }
            group.append(note);
        }
    }

    const start = (root) => root.querySelectorAll("input.vDateField, input.vTimeField").forEach(attach);
    document.addEventListener("DOMContentLoaded", () => {
        start(document);
        warn();
        document.addEventListener("click", (event) => {
            // The calendar draws itself anew on a click: what was clicked may be gone from the page.
            if (openPicker && event.target.isConnected && !event.target.closest(".with-picker")) {
                close(false);
            }
        });
    });
    document.addEventListener("formset:added", (event) => start(event.target));
})();
