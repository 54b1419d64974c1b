"use strict";

// Replaces what has changed about each device, as the server tells it, and loads the page again
// when there are other devices or other texts; never while somebody is typing. Without this
// script the page is whole as it was when it was asked for.

const RETRY_MS = 5000;
const unheard = document.getElementById("unheard");
const devices = document.getElementById("devices");

function typing() {
  const fields = [...document.querySelectorAll("textarea, input, select")];
  return fields.some((field) => field === document.activeElement
    || (field.defaultValue !== undefined && field.value !== field.defaultValue));
}

function show(html) {
  const news = document.createElement("template");
  news.innerHTML = html;
  const fresh = news.content.querySelector("[data-structure]");
  if (fresh.dataset.structure !== devices.dataset.structure && !typing()) {
    location.reload();
    return;
  }
  for (const part of news.content.querySelectorAll("[data-live]")) {
    const shown = document.getElementById(part.id);
    if (shown && shown.innerHTML !== part.innerHTML) {
      shown.replaceChildren(...part.childNodes);
    }
  }
}

// Whoever is no longer logged in is sent to the login by the page itself.
async function listenLater() {
  const answer = await fetch("/devices", { redirect: "manual", cache: "no-store" }).catch(() => null);
  if (answer?.type === "opaqueredirect") {
    location.reload();
  } else {
    setTimeout(listen, RETRY_MS);
  }
}

function listen() {
  const source = new EventSource("/devices/events");
  source.addEventListener("today", (event) => show(event.data));
  source.addEventListener("open", () => { unheard.hidden = true; });
  source.addEventListener("error", () => {
    unheard.hidden = false;
    if (source.readyState === EventSource.CLOSED) {
      listenLater();
    }
  });
}

listen();
