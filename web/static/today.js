"use strict";

// Replaces what has changed on the page, as the server tells it; without this script the page
// is still whole and reloads itself. A counter that calls is heard once somebody lets it be.

const soundButton = document.getElementById("sound");
const bell = new Audio(soundButton.dataset.source);
const sounds = () => document.getElementById("as-of").dataset.sounds;
let heard = sounds();
let rings = false;

// A form that is sent loads the page anew: who let it be heard need not say so again.
function setRings(on) {
  rings = on;
  sessionStorage.setItem("rings", on ? "on" : "");
  soundButton.setAttribute("aria-pressed", String(on));
  soundButton.lastElementChild.textContent = on ? soundButton.dataset.on : soundButton.dataset.off;
}

// The browser may not let a page be heard before it was touched: then it says so itself.
function ring() {
  bell.play().catch(() => setRings(false));
}

soundButton.hidden = false;
setRings(sessionStorage.getItem("rings") === "on");
soundButton.addEventListener("click", () => {
  setRings(!rings);
  if (rings) {
    ring();
  }
});

function listen(now) {
  if (rings && now > heard) {
    ring();
  }
  heard = now;
}

follow("/events", "/", (news) => {
  const told = news.querySelector("[data-title]").dataset;
  document.title = told.title;
  document.getElementById("as-of").dataset.sounds = told.sounds;
  listen(told.sounds);
  replaceChanged(news);
});
