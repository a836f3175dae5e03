// A field that searches on the server while one types: a combobox after the ARIA practices, over the form's select.
"use strict";
(() => {
    const say = (text) => (window.gettext ? window.gettext(text) : text);
    let number = 0;

    class Combobox {
        constructor(select) {
            this.select = select;
            this.several = select.multiple;
            this.page = 1;
            this.more = false;
            this.active = -1;
            this.id = `combo-${(number += 1)}`;
            this.build();
            select.hidden = true;
            select.addEventListener("change", () => this.show());
            this.show();
        }

        build() {
            this.root = this.make("div", "combo");
            this.field = this.make("div", "combo-field");
            this.input = this.make("input", "");
            Object.assign(this.input, { type: "text", autocomplete: "off", id: `${this.id}-input` });
            const label = document.querySelector(`label[for="${CSS.escape(this.select.id)}"]`);
            label?.setAttribute("for", this.input.id);
            const attributes = {
                role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": `${this.id}-list`,
                "aria-describedby": this.select.getAttribute("aria-describedby"),
            };
            for (const [name, value] of Object.entries(attributes)) {
                value && this.input.setAttribute(name, value);
            }
            if (!label) {
                this.input.setAttribute("aria-label", this.select.dataset.fieldName);
            }
            this.list = this.make("ul", "combo-list");
            this.list.id = `${this.id}-list`;
            this.list.setAttribute("role", "listbox");
            this.list.hidden = true;
            this.field.append(this.input);
            this.root.append(this.field, this.list);
            this.select.after(this.root);
            this.listen();
        }

        make(tag, className, text = "") {
            const made = document.createElement(tag);
            made.className = className;
            made.textContent = text;
            return made;
        }

        listen() {
            this.input.addEventListener("input", () => {
                clearTimeout(this.timer);
                this.timer = setTimeout(() => this.search(), Number(this.select.dataset.ajaxDelay || 250));
            });
            this.input.addEventListener("focus", () => this.several || this.input.select());
            this.field.addEventListener("click", (event) => {
                if (!event.target.closest("button")) {
                    this.input.focus();
                    this.list.hidden && this.search();
                }
            });
            this.input.addEventListener("keydown", (event) => this.onKey(event));
            this.input.addEventListener("blur", () => setTimeout(() => { this.close(); this.show(); }, 150));
            this.list.addEventListener("mousedown", (event) => {
                event.preventDefault();
                const item = event.target.closest("li[role=option]");
                item && this.choose(item.dataset.value, item.textContent);
            });
            this.list.addEventListener("scroll", () => {
                if (this.more && this.list.scrollTop + this.list.clientHeight > this.list.scrollHeight - 40) {
                    this.load(this.page + 1);
                }
            });
        }

        onKey(event) {
            const items = [...this.list.querySelectorAll("li[role=option]")];
            if (event.key === "ArrowDown" || event.key === "ArrowUp") {
                event.preventDefault();
                if (this.list.hidden) {
                    this.search();
                    return;
                }
                const step = event.key === "ArrowDown" ? 1 : -1;
                this.point(items, Math.max(0, Math.min(items.length - 1, this.active + step)));
            } else if (event.key === "Enter" && !this.list.hidden) {
                event.preventDefault();
                const item = items[this.active] || (items.length === 1 ? items[0] : null);
                item && this.choose(item.dataset.value, item.textContent);
            } else if (event.key === "Escape" && !this.list.hidden) {
                event.stopPropagation();
                this.close();
                this.show();
            } else if (event.key === "Backspace" && !this.input.value) {
                const chosen = [...this.select.selectedOptions].filter((option) => option.value);
                chosen.length && this.several && this.drop(chosen.at(-1).value);
            }
        }

        point(items, index) {
            items[this.active]?.classList.remove("active");
            this.active = index;
            const item = items[index];
            if (item) {
                item.classList.add("active");
                item.scrollIntoView({ block: "nearest" });
                this.input.setAttribute("aria-activedescendant", item.id);
                if (this.more && index >= items.length - 2) {
                    this.load(this.page + 1);
                }
            }
        }

        search() {
            this.list.replaceChildren();
            this.active = -1;
            this.load(1);
        }

        async load(page) {
            this.page = page;
            this.more = false;
            const { ajaxUrl, appLabel, modelName, fieldName } = this.address();
            // What is chosen already stands in the field: that is no search.
            const term = !this.several && this.input.value === this.text() ? "" : this.input.value;
            const query = new URLSearchParams({ term, page, app_label: appLabel, model_name: modelName, field_name: fieldName });
            const asked = (this.asked = Symbol(term));
            let found;
            try {
                const response = await fetch(`${ajaxUrl}?${query}`, { headers: { Accept: "application/json" } });
                found = response.ok ? await response.json() : null;
            } catch {
                found = null;
            }
            if (asked !== this.asked) {
                return; // something newer was asked meanwhile
            }
            this.list.querySelector(".note")?.remove();
            const results = found?.results ?? [];
            for (const { id, text } of results) {
                const item = this.make("li", "", text);
                item.id = `${this.id}-${this.list.childElementCount}`;
                item.dataset.value = id;
                item.setAttribute("role", "option");
                item.setAttribute("aria-selected", String([...this.select.selectedOptions].some((option) => option.value === id)));
                this.list.append(item);
            }
            if (!this.list.childElementCount) {
                this.list.append(this.make("li", "note", found ? say("Nothing found") : say("The search failed")));
            }
            this.more = Boolean(found?.pagination?.more);
            if (document.activeElement === this.input) {
                this.list.hidden = false;
                this.input.setAttribute("aria-expanded", "true");
            }
        }

        address() {
            const data = this.select;
            const read = (name) => data.getAttribute(name);
            return {
                ajaxUrl: read("data-ajax--url"), appLabel: read("data-app-label"),
                modelName: read("data-model-name"), fieldName: read("data-field-name"),
            };
        }

        text() {
            const option = [...this.select.selectedOptions].find((one) => one.value);
            return option ? option.text : "";
        }

        choose(value, text) {
            let option = [...this.select.options].find((one) => one.value === value);
            if (!option) {
                option = new Option(text, value);
                this.select.append(option);
            }
            option.selected = this.several ? !option.selected : true;
            this.close();
            this.changed();
            this.input.focus();
        }

        drop(value) {
            for (const option of this.select.options) {
                if (option.value === value) {
                    option.selected = false;
                }
            }
            if (!this.several) {
                this.select.value = "";
            }
            this.changed();
            this.input.focus();
        }

        changed() {
            this.input.value = "";
            this.select.dispatchEvent(new Event("change", { bubbles: true }));
        }

        close() {
            this.list.hidden = true;
            this.input.setAttribute("aria-expanded", "false");
            this.input.removeAttribute("aria-activedescendant");
        }

        show() {
            this.field.querySelectorAll(".combo-chip, .clear").forEach((part) => part.remove());
            const chosen = [...this.select.selectedOptions].filter((option) => option.value);
            if (this.several) {
                for (const option of chosen) {
                    const chip = this.make("span", "combo-chip", option.text);
                    chip.append(this.remover(option.value, option.text));
                    this.input.before(chip);
                }
                return;
            }
            if (document.activeElement !== this.input || !this.input.value) {
                this.input.value = this.text();
            }
            if (chosen.length && this.select.dataset.allowClear === "true") {
                const clear = this.remover(chosen[0].value, chosen[0].text);
                clear.classList.add("clear");
                this.input.after(clear);
            }
        }

        remover(value, text) {
            const button = this.make("button", "icon-button");
            button.type = "button";
            button.setAttribute("aria-label", `${say("Remove")}: ${text}`);
            button.append(this.make("span", "icon icon-close"));
            button.addEventListener("click", () => this.drop(value));
            return button;
        }
    }

    function start(root) {
        root.querySelectorAll("select.admin-autocomplete").forEach((select) => {
            if (!select.name.includes("__prefix__") && !select.hidden) {
                new Combobox(select);
            }
        });
    }

    document.addEventListener("DOMContentLoaded", () => start(document));
    document.addEventListener("formset:added", (event) => start(event.target));
})();
