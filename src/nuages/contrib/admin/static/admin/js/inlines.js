// Adding and removing rows of inlines. Fires formset:added and formset:removed, as documented.
"use strict";
(() => {
    function announce(name, row, prefix) {
        const target = row.isConnected ? row : document;
        target.dispatchEvent(new CustomEvent(name, { bubbles: true, detail: { formsetName: prefix } }));
    }

    // The number in every name, id and label of a row.
    function renumber(row, prefix, number) {
        const pattern = new RegExp(`(${prefix.replace(/[-/\\^$*+?.()|[\]{}]/g, "\\$&")}-(\\d+|__prefix__|empty))(?=-|$)`);
        const change = (element) => {
            for (const name of ["id", "name", "for", "aria-describedby", "aria-labelledby"]) {
                const value = element.getAttribute(name);
                if (value) {
                    element.setAttribute(name, value.replace(pattern, `${prefix}-${number}`));
                }
            }
        };
        change(row);
        row.querySelectorAll("*").forEach(change);
        const label = row.querySelector(".inline_label");
        if (label && !row.classList.contains("has_original")) {
            label.textContent = `#${number + 1}`;
        }
    }

    class Inline {
        constructor(group) {
            const data = JSON.parse(group.dataset.inlineFormset);
            this.group = group;
            this.options = data.options;
            this.prefix = data.options.prefix;
            this.total = document.getElementById(`id_${this.prefix}-TOTAL_FORMS`);
            this.maximum = document.getElementById(`id_${this.prefix}-MAX_NUM_FORMS`);
            this.minimum = document.getElementById(`id_${this.prefix}-MIN_NUM_FORMS`);
            this.empty = document.getElementById(`${this.prefix}-empty`);
            this.tabular = group.dataset.inlineType === "tabular";
            this.rows().forEach((row) => this.offerRemoval(row));
            if (this.empty) {
                this.offerAddition();
            }
            this.group.addEventListener("change", (event) => {
                if (event.target.matches("[name$='-DELETE']")) {
                    event.target.closest("tr, .inline-related").classList.toggle("to-delete", event.target.checked);
                }
            });
            this.update();
        }

        rows() {
            const pattern = new RegExp(`^${this.prefix}-\\d+$`);
            const selector = this.tabular ? "tbody > tr.form-row" : ".inline-related";
            return [...this.group.querySelectorAll(selector)].filter((row) => pattern.test(row.id));
        }

        offerAddition() {
            const line = document.createElement("div");
            line.className = "add-row";
            this.button = document.createElement("button");
            this.button.type = "button";
            this.button.className = "button addlink";
            const icon = document.createElement("span");
            icon.className = "icon icon-plus";
            icon.setAttribute("aria-hidden", "true");
            this.button.append(icon, this.options.addText);
            this.button.addEventListener("click", () => this.add());
            line.append(this.button);
            const place = this.tabular ? this.group.querySelector(".table-scroll") : this.empty;
            place.after(line);
        }

        offerRemoval(row) {
            if (row.classList.contains("has_original") || row.querySelector("[data-remove-row]")) {
                return;
            }
            const button = document.createElement("button");
            button.type = "button";
            button.className = "icon-button inline-deletelink";
            button.dataset.removeRow = "";
            button.title = this.options.deleteText;
            button.setAttribute("aria-label", this.options.deleteText);
            const icon = document.createElement("span");
            icon.className = "icon icon-close";
            button.append(icon);
            button.addEventListener("click", () => this.remove(row));
            let place = row.querySelector(this.tabular ? "td.delete" : ".inline-tools");
            if (!place && this.tabular) {
                place = row.insertCell();
                place.className = "delete";
            }
            place?.append(button);
        }

        add() {
            const row = this.empty.cloneNode(true);
            row.classList.remove("empty-form", "last-related");
            const number = Number(this.total.value);
            renumber(row, this.prefix, number);
            this.empty.before(row);
            this.total.value = number + 1;
            this.offerRemoval(row);
            this.update();
            announce("formset:added", row, this.prefix);
            row.querySelector("input:not([type=hidden]), select, textarea")?.focus();
        }

        remove(row) {
            row.previousElementSibling?.classList.contains("row-form-errors") && row.previousElementSibling.remove();
            row.remove();
            const rows = this.rows();
            this.total.value = rows.length;
            rows.forEach((other, number) => renumber(other, this.prefix, number));
            this.update();
            announce("formset:removed", row, this.prefix);
            this.button?.focus();
        }

        update() {
            const count = Number(this.total.value);
            if (this.button) {
                const limit = this.maximum?.value;
                this.button.hidden = Boolean(limit) && count >= Number(limit);
            }
            const least = Number(this.minimum?.value || 0);
            for (const button of this.group.querySelectorAll("[data-remove-row]")) {
                button.hidden = count <= least;
            }
        }
    }

    document.addEventListener("DOMContentLoaded", () => {
        document.querySelectorAll(".js-inline-admin-formset").forEach((group) => new Inline(group));
    });
})();
