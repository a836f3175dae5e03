// Pages of passwords: without a password to log in with, there is none to type.
"use strict";
document.addEventListener("DOMContentLoaded", () => {
    const choices = [...document.querySelectorAll("input[name=usable_password]")];
    if (!choices.length) {
        return;
    }
    const show = () => {
        const wanted = document.querySelector("input[name=usable_password]:checked")?.value !== "false";
        for (const name of ["password1", "password2"]) {
            document.querySelector(`.field-${name}`)?.toggleAttribute("hidden", !wanted);
        }
        document.querySelector(".set-password")?.toggleAttribute("hidden", !wanted);
        document.querySelector(".unset-password")?.toggleAttribute("hidden", wanted);
    };
    choices.forEach((choice) => choice.addEventListener("change", show));
    show();
});
