// What every page has: colours, navigation, messages, menus and keys.
"use strict";
(() => {
    const root = document.documentElement;
    const say = (text) => (window.gettext ? window.gettext(text) : text);
    const wide = window.matchMedia("(min-width: 64rem)");

    function remember(key, value) {
        try {
            localStorage.setItem(key, value);
        } catch {
            // Storage may be forbidden; then the choice holds for this page.
        }
    }

    // Colours: automatic, the other one than the system's, then the system's own for good.
    const THEMES = ["auto", "light", "dark"];
    const THEME_NAMES = { auto: "Automatic colours", light: "Light colours", dark: "Dark colours" };

    function nextTheme() {
        const now = THEMES.indexOf(root.dataset.theme);
        const chosen = THEMES[(now + 1) % THEMES.length];
        root.dataset.theme = chosen;
        remember("theme", chosen);
        for (const label of document.querySelectorAll("[data-theme-name]")) {
            label.textContent = say(THEME_NAMES[chosen]);
        }
    }

    // Navigation: a column on wide windows, a drawer on narrow ones.
    function navIsOpen() {
        return wide.matches ? root.dataset.nav !== "closed" : root.dataset.drawer === "open";
    }

    function setNav(open) {
        if (wide.matches) {
            root.dataset.nav = open ? "open" : "closed";
            remember("admin.nav", root.dataset.nav);
        } else {
            root.dataset.drawer = open ? "open" : "closed";
        }
        document.getElementById("toggle-nav-sidebar")?.setAttribute("aria-expanded", String(open));
    }

    function filterNav(nav, text) {
        const wanted = text.trim().toLowerCase();
        let found = 0;
        for (const app of nav.querySelectorAll(".app")) {
            let inApp = 0;
            const whole = app.querySelector(".app-title").textContent.toLowerCase().includes(wanted);
            for (const item of app.querySelectorAll("li")) {
                const fits = whole || item.textContent.toLowerCase().includes(wanted);
                item.hidden = !fits;
                inApp += fits ? 1 : 0;
            }
            app.hidden = !inApp;
            found += inApp;
        }
        nav.querySelector(".nav-empty").hidden = found > 0;
    }

    function setUpNav() {
        const nav = document.getElementById("nav-sidebar");
        const toggle = document.getElementById("toggle-nav-sidebar");
        if (!nav || !toggle) {
            return;
        }
        toggle.setAttribute("aria-expanded", String(navIsOpen()));
        toggle.addEventListener("click", () => setNav(!navIsOpen()));
        const input = document.getElementById("nav-filter");
        input.addEventListener("input", () => filterNav(nav, input.value));
        input.addEventListener("keydown", (event) => {
            if (event.key === "Enter") {
                nav.querySelector("li:not([hidden]) a")?.click();
            } else if (event.key === "Escape") {
                input.value = "";
                filterNav(nav, "");
            }
        });
        nav.querySelector(".current-model")?.scrollIntoView({ block: "nearest" });
        document.getElementById("content-start")?.addEventListener("click", () => {
            if (!wide.matches && navIsOpen()) {
                setNav(false);
            }
        });
    }

    // Keys. None works while one types, and all leave the browser's own alone.
    function isTyping(target) {
        return target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
    }

    const go = (selector) => document.querySelector(selector)?.click();

    function moveCursor(step) {
        const rows = [...document.querySelectorAll("#result_list tbody tr:not(.row-errors)")];
        if (!rows.length) {
            return;
        }
        const now = rows.findIndex((row) => row.classList.contains("cursor"));
        const next = Math.max(0, Math.min(rows.length - 1, now + step));
        rows[now]?.classList.remove("cursor");
        rows[next].classList.add("cursor");
        const target = rows[next].querySelector("th a, td a, input");
        target?.focus({ preventScroll: true });
        rows[next].scrollIntoView({ block: "nearest" });
    }

    const KEYS = {
        "/": () => (document.getElementById("searchbar") || document.getElementById("nav-filter"))?.focus(),
        "?": () => document.getElementById("shortcut-help")?.showModal(),
        t: nextTheme,
        n: () => go("[data-key=n]"),
        j: () => moveCursor(1),
        k: () => moveCursor(-1),
        x: () => go("tr.cursor .action-select"),
    };
    const AFTER_G = {
        i: () => go("#site-name"),
        l: () => go("[data-key=l]"),
    };
    let waiting = null;

    function onKey(event) {
        if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") {
            const button = document.querySelector("[name=_continue], [name=_save]");
            if (button) {
                event.preventDefault();
                button.click();
            }
            return;
        }
        if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) {
            return;
        }
        if (event.key === "Escape") {
            closeMenus();
            if (!wide.matches) {
                setNav(false);
            }
            return;
        }
        const table = waiting ? AFTER_G : KEYS;
        clearTimeout(waiting);
        waiting = null;
        if (table === KEYS && event.key === "g") {
            waiting = setTimeout(() => { waiting = null; }, 1200);
        } else if (Object.hasOwn(table, event.key)) {
            event.preventDefault();
            table[event.key]();
        }
    }

    function closeMenus(except) {
        for (const menu of document.querySelectorAll("details[data-menu][open]")) {
            if (menu !== except) {
                menu.open = false;
            }
        }
    }

    // Messages can be put away; without scripts there is no button for it.
    function setUpMessages() {
        for (const message of document.querySelectorAll(".messagelist li")) {
            const button = document.createElement("button");
            button.type = "button";
            button.className = "icon-button dismiss";
            button.dataset.dismiss = "";
            button.setAttribute("aria-label", message.parentElement.dataset.dismissLabel || say("Dismiss"));
            const icon = document.createElement("span");
            icon.className = "icon icon-close";
            button.append(icon);
            const text = document.createElement("span");
            text.append(...message.childNodes);
            message.append(text, button);
        }
    }

    document.addEventListener("DOMContentLoaded", () => {
        setUpNav();
        setUpMessages();
        document.addEventListener("keydown", onKey);
        document.addEventListener("click", (event) => {
            const target = event.target;
            closeMenus(target.closest("details[data-menu]"));
            if (target.closest("[data-theme-toggle]")) {
                nextTheme();
            } else if (target.closest("[data-dismiss]")) {
                target.closest("li").remove();
            } else if (target.closest("[data-shortcuts]")) {
                KEYS["?"]();
            } else if (target.closest("[data-back]")) {
                if (document.body.classList.contains("popup")) {
                    window.close();
                } else {
                    window.history.back();
                }
            }
        });
    });
})();
