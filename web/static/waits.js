// Comfort on the page of waits: choices close when the pointer or Escape leaves them, and folded
// tables are printed unfolded. Nothing here is needed.
"use strict";
const form = document.querySelector(".filter");
const opened = () => form.querySelector(".choose[open]");

document.addEventListener("click", (event) => {
  const box = opened();
  if (box && !box.contains(event.target)) box.open = false;
});
document.addEventListener("keydown", (event) => {
  const box = opened();
  if (event.key !== "Escape" || !box) return;
  box.open = false;
  box.querySelector("summary").focus();
});
form.elements.period.addEventListener("change", (event) => {
  if (event.target.value === "days") form.elements.first.focus();
});

let unfolded = [];
window.addEventListener("beforeprint", () => {
  unfolded = [...document.querySelectorAll("details.figures:not([open])")];
  for (const table of unfolded) table.open = true;
});
window.addEventListener("afterprint", () => {
  for (const table of unfolded) table.open = false;
});
