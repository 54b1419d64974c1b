// Keeps what is typed in the draft and says at once what is wrong with it and what it would change.
"use strict";

const form = document.getElementById("form");
let waiting = false;
let busy = false;

async function keep() {
  waiting = true;
  if (busy) return;
  busy = true;
  const kept = document.getElementById("kept");
  while (waiting) {
    waiting = false;
    const fields = new URLSearchParams(new FormData(form));
    fields.set("do", "save");
    try {
      const answer = await fetch(form.getAttribute("action"), { method: "POST", body: fields });
      if (!answer.ok || new URL(answer.url).pathname.startsWith("/login")) throw Error(answer.status);
      show(new DOMParser().parseFromString(await answer.text(), "text/html"));
      kept.textContent = form.dataset.kept;
    } catch {
      kept.textContent = form.dataset.notKept;
    }
  }
  busy = false;
}

// Everything but the inputs, in which somebody may be typing.
function show(page) {
  for (const part of document.querySelectorAll("[data-live]")) {
    const news = page.getElementById(part.id);
    if (news) part.replaceWith(document.adoptNode(news));
  }
  for (const input of form.elements) {
    const news = input.id ? page.getElementById(input.id) : page.getElementsByName(input.name)[0];
    if (news?.hasAttribute("aria-invalid")) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
  }
}

form.addEventListener("change", keep);
