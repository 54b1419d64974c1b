"use strict";

// Follows a list that is being booked; the page is loaded again when it is through.

const bar = document.getElementById("progress");
const settled = document.getElementById("settled");

async function look() {
  try {
    const answer = await fetch("/appointments/import/progress", { cache: "no-store" });
    if (!answer.ok || answer.redirected) {
      location.reload();
      return;
    }
    const found = await answer.json();
    if (found.stage !== "running") {
      location.reload();
      return;
    }
    bar.value = found.settled;
    settled.textContent = found.settled;
  } catch {
    // No answer now: asked again.
  }
  setTimeout(look, 1000);
}

setTimeout(look, 1000);
