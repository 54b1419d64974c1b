// Chooses a period; shows the report as it will be printed while its words are typed; prints it.
"use strict";

const WAIT_MS = 400;
const form = document.getElementById("draft");
const sheets = document.getElementById("sheets");
const print = document.getElementById("print");

const days = document.querySelectorAll(".from-to input");

if (print) {
  print.hidden = false;
  print.addEventListener("click", () => window.print());
}

for (const day of days) {
  day.addEventListener("input", () => {
    document.querySelector('input[name="preset"][value=""]').checked = true;
  });
}
for (const preset of document.querySelectorAll('input[name="preset"]:not([value=""])')) {
  preset.addEventListener("change", () => days.forEach((day) => { day.value = ""; }));
}

if (form) {
  let timer = 0;
  let asked = 0;
  const show = async () => {
    const mine = ++asked;
    try {
      const answer = await fetch(form.dataset.preview, {
        method: "POST",
        body: new URLSearchParams(new FormData(form)),
      });
      const html = answer.ok ? await answer.text() : "";
      if (html && mine === asked) sheets.innerHTML = html;
    } catch {
      // The next letter asks again; what was typed stands in the form.
    }
  };
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(show, WAIT_MS);
  });
}
