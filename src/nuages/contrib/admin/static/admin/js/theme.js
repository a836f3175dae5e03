// Runs before the page is drawn: the chosen colours and the state of the navigation.
"use strict";
(() => {
    const root = document.documentElement;
    const read = (key) => {
        try {
            return localStorage.getItem(key);
        } catch {
            return null; // storage may be forbidden
        }
    };
    root.dataset.theme = read("theme") || "auto";
    root.dataset.nav = read("admin.nav") || "open";
})();
