// Prints the slip of an appointment; without it the browser's own print does the same.
"use strict";

const print = document.getElementById("print");
print.hidden = false;
print.addEventListener("click", () => window.print());
