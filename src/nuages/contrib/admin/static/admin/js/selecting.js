// Two lists: what can be chosen, and what is. The select of the form stays, hidden, and holds the choice.
"use strict";
(() => {
    const say = (text) => (window.gettext ? window.gettext(text) : text);

    function element(tag, className, text = "") {
        const made = document.createElement(tag);
        made.className = className;
        made.textContent = text;
        return made;
    }

    function iconButton(name, label, action) {
        const button = element("button", "icon-button");
        button.type = "button";
        button.title = label;
        button.setAttribute("aria-label", label);
        button.append(element("span", `icon icon-${name}`));
        button.addEventListener("click", action);
        return button;
    }

    class TwoLists {
        constructor(source) {
            this.source = source;
            const name = source.dataset.fieldName;
            source.hidden = true;
            source.removeAttribute("required");
            this.here = this.box(`${say("Available")} · ${name}`, say("Choose all"), () => this.move(this.visible(this.here), true));
            this.there = this.box(`${say("Chosen")} · ${name}`, say("Remove all"), () => this.move(this.visible(this.there), false));
            const middle = element("div", "selector-mid");
            middle.append(
                iconButton("right", say("Choose"), () => this.move([...this.here.list.selectedOptions], true)),
                iconButton("left", say("Remove"), () => this.move([...this.there.list.selectedOptions], false)),
            );
            const root = element("div", `selector${source.dataset.isStacked === "1" ? " stacked" : ""}`);
            root.append(this.here.root, middle, this.there.root);
            source.after(root);
            this.connect(this.here.list, true);
            this.connect(this.there.list, false);
            source.addEventListener("change", (event) => event.isTrusted || this.draw());
            this.draw();
        }

        box(title, allText, takeAll) {
            const root = element("div", "selector-box");
            const head = element("div", "selector-title");
            const count = element("span", "quiet");
            head.append(element("span", "", title), count);
            const filter = element("input", "");
            filter.type = "search";
            filter.placeholder = say("Filter");
            filter.setAttribute("aria-label", `${title}: ${say("Filter")}`);
            const list = element("select", "");
            list.multiple = true;
            list.setAttribute("aria-label", title);
            const all = element("button", "link-button", allText);
            all.type = "button";
            all.addEventListener("click", takeAll);
            filter.addEventListener("input", () => this.draw());
            filter.addEventListener("keydown", (event) => {
                if (event.key === "Enter") {
                    event.preventDefault();
                    this.move([...list.options].slice(0, 1), list === this.here.list);
                }
            });
            root.append(head, filter, list, all);
            return { root, filter, list, count };
        }

        connect(list, choose) {
            list.addEventListener("dblclick", () => this.move([...list.selectedOptions], choose));
            list.addEventListener("keydown", (event) => {
                if (event.key === "Enter") {
                    event.preventDefault();
                    this.move([...list.selectedOptions], choose);
                }
            });
        }

        visible(box) {
            return [...box.list.options];
        }

        move(options, choose) {
            const values = new Set(options.map((option) => option.value));
            for (const option of this.source.options) {
                if (values.has(option.value)) {
                    option.selected = choose;
                }
            }
            this.draw();
            this.source.dispatchEvent(new Event("change", { bubbles: true }));
        }

        draw() {
            for (const box of [this.here, this.there]) {
                const words = box.filter.value.toLowerCase().split(/\s+/).filter(Boolean);
                const wanted = box === this.there;
                const groups = new Map();
                let number = 0;
                box.list.replaceChildren();
                for (const option of this.source.options) {
                    if (option.selected !== wanted) {
                        continue;
                    }
                    number += 1;
                    if (!words.every((word) => option.text.toLowerCase().includes(word))) {
                        continue;
                    }
                    const copy = new Option(option.text, option.value);
                    copy.title = option.text;
                    const group = option.closest("optgroup")?.label;
                    if (group === undefined) {
                        box.list.append(copy);
                    } else {
                        if (!groups.has(group)) {
                            const made = element("optgroup", "");
                            made.label = group;
                            groups.set(group, made);
                            box.list.append(made);
                        }
                        groups.get(group).append(copy);
                    }
                }
                box.count.textContent = number;
            }
        }
    }

    function start(root) {
        root.querySelectorAll("select.selectfilter, select.selectfilterstacked").forEach((source) => {
            if (!source.id.includes("__prefix__") && !source.hidden) {
                new TwoLists(source);
            }
        });
    }

    document.addEventListener("DOMContentLoaded", () => start(document));
    document.addEventListener("formset:added", (event) => start(event.target));
})();
