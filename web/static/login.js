"use strict";

// Shows what was typed as a password, for as long as the button is pressed in. Takes over the code
// that was scanned with the address, and out of the address: its part behind # was never sent.

for (const button of document.querySelectorAll("[data-reveal]")) {
  const field = document.getElementById(button.dataset.reveal);
  button.hidden = false;
  button.addEventListener("click", () => {
    const shown = field.type === "password";
    field.type = shown ? "text" : "password";
    button.setAttribute("aria-pressed", String(shown));
    field.focus();
  });
}

for (const field of document.querySelectorAll("[data-from-address]")) {
  const code = location.hash.slice(1);
  if (/^[0-9A-Z]{20}$/.test(code)) {
    history.replaceState(null, "", location.pathname + location.search);
    field.value = code.match(/.{5}/g).join("-");
    document.getElementById("name").focus();
  }
}
