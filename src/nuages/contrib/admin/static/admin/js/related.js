// Pop-ups in which a related object is picked, added, changed or deleted, and their answers.
"use strict";
(() => {
    const SIZE = "height=680,width=920,resizable=yes,scrollbars=yes";
    const windows = new Set();

    // The name of a window says which field it answers; a number keeps nested ones apart.
    const fieldOf = (name) => name.replace(/^(change|add|delete|lookup|view)_/, "").replace(/__\d+$/, "");

    function open(link, url) {
        const address = new URL(url, window.location.href);
        address.searchParams.set("_popup", "1");
        const depth = Number(window.name.match(/__(\d+)$/)?.[1] || 0) + 1;
        const popup = window.open(address, `${link.id}__${depth}`, SIZE);
        windows.add(popup);
        popup.focus();
        return false;
    }

    function close(popup) {
        windows.delete(popup);
        popup.close();
    }

    function changed(element) {
        element.dispatchEvent(new Event("input", { bubbles: true }));
        element.dispatchEvent(new Event("change", { bubbles: true }));
    }

    // Links for changing and viewing lead to what is chosen.
    function updateLinks(select) {
        const wrapper = select.closest(".related-widget-wrapper");
        for (const link of wrapper?.querySelectorAll("[data-href-template]") || []) {
            if (select.value) {
                link.href = link.dataset.hrefTemplate.replace("__fk__", encodeURIComponent(select.value));
                link.removeAttribute("aria-disabled");
            } else {
                link.removeAttribute("href");
                link.setAttribute("aria-disabled", "true");
            }
        }
    }

    // The same model may be offered by other fields of the page.
    function sisters(select) {
        const model = select.closest(".related-widget-wrapper")?.dataset.modelRef;
        return model ? [...document.querySelectorAll(`[data-model-ref="${CSS.escape(model)}"] select`)].filter((other) => other !== select) : [];
    }

    window.dismissAddRelatedObjectPopup = (popup, id, text) => {
        const element = document.getElementById(fieldOf(popup.name));
        if (element?.tagName === "SELECT") {
            element.append(new Option(text, id, true, true));
            sisters(element).forEach((other) => other.append(new Option(text, id)));
            changed(element);
        } else if (element) {
            element.value = element.classList.contains("vManyToManyRawIdAdminField") && element.value ? `${element.value},${id}` : id;
            changed(element);
        } else {
            window.dispatchEvent(new CustomEvent("admin:related-added", { detail: { field: fieldOf(popup.name), id, text } }));
        }
        close(popup);
    };

    window.dismissChangeRelatedObjectPopup = (popup, id, text, newId) => {
        const element = document.getElementById(fieldOf(popup.name));
        if (element) {
            for (const select of [element, ...sisters(element)]) {
                for (const option of select.options || []) {
                    if (option.value === String(id)) {
                        option.textContent = text;
                        option.value = newId;
                    }
                }
            }
            changed(element);
        }
        close(popup);
    };

    window.dismissDeleteRelatedObjectPopup = (popup, id) => {
        const element = document.getElementById(fieldOf(popup.name));
        for (const select of element ? [element, ...sisters(element)] : []) {
            [...(select.options || [])].filter((option) => option.value === String(id)).forEach((option) => option.remove());
            changed(select);
        }
        close(popup);
    };

    window.dismissRelatedLookupPopup = (popup, id) => {
        const element = document.getElementById(fieldOf(popup.name));
        if (element) {
            const several = element.classList.contains("vManyToManyRawIdAdminField") && element.value;
            element.value = several ? `${element.value},${id}` : id;
            changed(element);
        }
        close(popup);
    };

    window.showRelatedObjectPopup = (link) => open(link, link.href);
    window.showRelatedObjectLookupPopup = (link) => open(link, link.href);

    document.addEventListener("DOMContentLoaded", () => {
        document.querySelectorAll(".related-widget-wrapper select").forEach(updateLinks);
        document.addEventListener("change", (event) => {
            if (event.target.matches(".related-widget-wrapper select")) {
                updateLinks(event.target);
            }
        });
        document.addEventListener("formset:added", (event) => {
            event.target.querySelectorAll?.(".related-widget-wrapper select").forEach(updateLinks);
        });
        document.addEventListener("click", (event) => {
            const link = event.target.closest(".related-widget-wrapper-link[data-popup], .related-lookup");
            if (link) {
                event.preventDefault();
                if (link.href) {
                    open(link, link.href);
                }
            }
        });
        window.addEventListener("pagehide", () => windows.forEach((popup) => popup.close()));
    });
})();
