"use strict";

// Loads the page again once a phone has come or the code is over, and not before: whoever reads it
// is not interrupted.

const shown = document.querySelector("[data-invited]");
const AGAIN_MS = 5000;

async function look() {
  const answer = await fetch(location.href, { cache: "no-store" }).catch(() => null);
  if (!answer || !answer.ok) {
    return;
  }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const now = page.querySelector("[data-invited]");
  if (!now || now.dataset.invited !== shown.dataset.invited) {
    location.reload();
  }
}

if (shown) {
  setInterval(look, AGAIN_MS);
}
