// Lists: selecting rows, filters. Forms: fields that fill themselves, a warning before changes are lost.
"use strict";
(() => {
    const say = (text) => (window.gettext ? window.gettext(text) : text);
    const sayMany = (one, many, count) => (window.ngettext ? window.ngettext(one, many, count) : count === 1 ? one : many);
    const fill = (text, values) => text.replace(/%\((\w+)\)s/g, (_whole, name) => values[name]);

    // Selecting

    function setUpSelection(form) {
        const boxes = () => [...form.querySelectorAll("input.action-select")];
        const all = document.getElementById("action-toggle");
        let last = null;

        function setAcross(value) {
            for (const field of form.querySelectorAll("input.select-across")) {
                field.value = value ? "1" : "0";
            }
        }

        function show() {
            const list = boxes();
            const chosen = list.filter((box) => box.checked).length;
            const across = form.querySelector("input.select-across")?.value === "1";
            const complete = list.length > 0 && chosen === list.length;
            if (all) {
                all.checked = complete;
                all.indeterminate = chosen > 0 && !complete;
            }
            for (const box of list) {
                box.closest("tr").classList.toggle("selected", box.checked);
            }
            for (const bar of form.querySelectorAll(".actions")) {
                bar.classList.toggle("has-selection", chosen > 0);
                const counter = bar.querySelector(".action-counter");
                if (counter) {
                    const text = sayMany("%(sel)s of %(cnt)s selected", "%(sel)s of %(cnt)s selected", chosen);
                    counter.textContent = fill(text, { sel: chosen, cnt: counter.dataset.actionsIcnt });
                    counter.hidden = across;
                }
                const parts = { ".question": complete && !across, ".all": across, ".clear": across || chosen > 0 };
                for (const [selector, visible] of Object.entries(parts)) {
                    const part = bar.querySelector(selector);
                    if (part) {
                        part.hidden = !visible;
                    }
                }
            }
        }

        function select(list, value) {
            for (const box of list) {
                box.checked = value;
            }
            setAcross(false);
            show();
        }

        all?.addEventListener("change", () => select(boxes(), all.checked));
        form.addEventListener("click", (event) => {
            const box = event.target.closest("input.action-select");
            if (box) {
                const list = boxes();
                // With Shift everything between this row and the one before.
                if (event.shiftKey && last && list.includes(last)) {
                    const [from, to] = [list.indexOf(last), list.indexOf(box)].sort((a, b) => a - b);
                    for (const between of list.slice(from, to + 1)) {
                        between.checked = box.checked;
                    }
                }
                last = box;
                setAcross(false);
                show();
            } else if (event.target.closest("[data-select-across]")) {
                setAcross(true);
                show();
            } else if (event.target.closest("[data-select-none]")) {
                select(boxes(), false);
            }
        });
        // Running an action forgets what was typed into the rows, and saving the rows runs no action.
        form.addEventListener("submit", (event) => {
            const edited = form.querySelector("[data-edited]");
            const action = [...form.querySelectorAll("select[name=action]")].some((menu) => menu.value);
            if (event.submitter?.name === "index" && edited) {
                const question = say("The rows have changes that were not saved; the action will lose them. Go on?");
                if (!window.confirm(question)) {
                    event.preventDefault();
                }
            } else if (event.submitter?.name === "_save" && action) {
                if (!window.confirm(say("An action is chosen, but not run by saving. Save the rows anyway?"))) {
                    event.preventDefault();
                }
            }
        });
        form.addEventListener("input", (event) => {
            if (event.target.closest("#result_list") && !event.target.matches(".action-select")) {
                event.target.dataset.edited = "";
            }
        });
        // Back in the history the browser restores the boxes.
        window.addEventListener("pageshow", show);
        show();
    }

    function setUpFilters() {
        const toggle = document.querySelector("[data-filter-toggle]");
        const panel = document.getElementById("changelist-filter");
        toggle?.addEventListener("click", () => {
            const open = panel.classList.toggle("open");
            toggle.setAttribute("aria-expanded", String(open));
        });
        for (const filter of document.querySelectorAll("details[data-filter-title]")) {
            const key = `admin.filter.${filter.dataset.filterTitle}`;
            try {
                filter.open = localStorage.getItem(key) !== "closed";
                filter.addEventListener("toggle", () => localStorage.setItem(key, filter.open ? "open" : "closed"));
            } catch {
                // Without storage all filters are open.
            }
        }
    }

    // Fields that fill themselves

    function slug(text, limit, unicode) {
        let plain = text.normalize(unicode ? "NFKC" : "NFKD");
        plain = unicode ? plain.replace(/[^\p{L}\p{N}\s_-]+/gu, "") : plain.replace(/[\u0300-\u036f]/g, "").replace(/[^\w\s-]+/g, "");
        return plain.trim().toLowerCase().replace(/[-\s]+/g, "-").slice(0, limit).replace(/^-+|-+$/g, "");
    }
    window.URLify = (text, limit, unicode) => slug(text, limit, unicode);

    function prepopulate(target, sources, limit, unicode) {
        if (!target || target.dataset.prepopulated) {
            return;
        }
        target.dataset.prepopulated = "1";
        let own = target.value !== "";
        target.addEventListener("input", () => { own = target.value !== ""; });
        const update = () => {
            if (!own) {
                const words = sources.map((source) => source.value).filter(Boolean);
                target.value = slug(words.join(" "), limit, unicode);
            }
        };
        for (const source of sources) {
            source.addEventListener("input", update);
            source.addEventListener("change", update);
        }
    }

    function setUpPrepopulation() {
        const data = document.getElementById("admin-prepopulated-fields");
        if (!data) {
            return;
        }
        const entries = JSON.parse(data.dataset.prepopulatedFields || "[]");
        const connect = (change) => {
            for (const entry of entries) {
                const find = (id) => document.querySelector(change(id));
                const sources = entry.dependency_ids.map(find).filter(Boolean);
                prepopulate(find(entry.id), sources, entry.maxLength, entry.allowUnicode);
            }
        };
        connect((id) => id);
        // A new row has the same fields under another number.
        document.addEventListener("formset:added", (event) => {
            const number = event.target.id.match(/-(\d+)$/)?.[1];
            connect((id) => id.replace("__prefix__", number).replace(/-\d+-/, `-${number}-`));
        });
    }

    // Changes that would be lost

    function setUpUnsaved(form) {
        let changed = false;
        let sending = false;
        form.addEventListener("input", () => { changed = true; });
        form.addEventListener("change", () => { changed = true; });
        form.addEventListener("submit", () => { sending = true; });
        window.addEventListener("beforeunload", (event) => {
            if (changed && !sending) {
                event.preventDefault();
            }
        });
    }

    function focusFirst() {
        const constants = document.getElementById("admin-form-constants");
        if (constants && "focusFirst" in constants.dataset && document.activeElement === document.body) {
            const first = "input:not([type=hidden], [readonly], [disabled]), select, textarea";
            document.querySelector(`.object-form fieldset :is(${first})`)?.focus({ preventScroll: true });
        }
    }

    function openFoldsWithErrors() {
        for (const fold of document.querySelectorAll("details.fold")) {
            fold.open ||= Boolean(fold.querySelector(".errorlist"));
        }
        document.querySelector(".object-form .errorlist")?.closest(".form-row, tr, .cell")
            ?.querySelector("input:not([type=hidden]), select, textarea")?.focus();
    }

    document.addEventListener("DOMContentLoaded", () => {
        const list = document.getElementById("changelist-form");
        if (list) {
            setUpSelection(list);
            setUpFilters();
        }
        const form = document.querySelector(".object-form form");
        if (form) {
            setUpPrepopulation();
            setUpUnsaved(form);
            openFoldsWithErrors();
            focusFirst();
        }
        // In a pop-up that picks an object, a row hands its key to the window that opened it.
        document.addEventListener("click", (event) => {
            const link = event.target.closest("a[data-popup-opener]");
            if (link && window.opener) {
                event.preventDefault();
                window.opener.dismissRelatedLookupPopup(window, link.dataset.popupOpener);
            }
        });
    });
})();
