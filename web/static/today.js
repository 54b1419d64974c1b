"use strict";

// Replaces what has changed on the page, as the server tells it; without this script the page
// is still whole and reloads itself. A counter that calls is heard once somebody lets it be.

const soundButton = document.getElementById("sound");
const bell = new Audio(soundButton.dataset.source);
const sounds = () => document.getElementById("as-of").dataset.sounds;
let heard = sounds();
let rings = false;

soundButton.hidden = false;
soundButton.addEventListener("click", () => {
  rings = !rings;
  soundButton.setAttribute("aria-pressed", String(rings));
  soundButton.lastElementChild.textContent = rings ? soundButton.dataset.on : soundButton.dataset.off;
  if (rings) {
    bell.play().catch(() => {});
  }
});

function listen(now) {
  if (rings && now > heard) {
    bell.play().catch(() => {});
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
