// The last page of a pop-up: hands the result to the window that opened it.
"use strict";
(() => {
    const { popupResponse } = document.getElementById("admin-popup-response-constants").dataset;
    const result = JSON.parse(popupResponse);
    const owner = window.opener;
    if (!owner) {
        return;
    }
    if (result.action === "change") {
        owner.dismissChangeRelatedObjectPopup(window, result.value, result.obj, result.new_value);
    } else if (result.action === "delete") {
        owner.dismissDeleteRelatedObjectPopup(window, result.value);
    } else {
        owner.dismissAddRelatedObjectPopup(window, result.value, result.obj);
    }
})();
