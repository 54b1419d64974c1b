"use strict";

// Replaces what has changed on the page, as the server tells it; without this script the page
// is still whole and reloads itself.

const RETRY_MS = 5000;
const unheard = document.getElementById("unheard");

function show(html) {
  const news = document.createElement("template");
  news.innerHTML = html;
  document.title = news.content.querySelector("[data-title]").dataset.title;
  for (const fresh of news.content.querySelectorAll("[data-live]")) {
    const shown = document.getElementById(fresh.id);
    if (shown && shown.innerHTML !== fresh.innerHTML) {
      shown.replaceChildren(...fresh.childNodes);
    }
  }
}

// Whoever is no longer logged in is sent to the login by the page itself.
async function listenLater() {
  const answer = await fetch("/", { redirect: "manual", cache: "no-store" }).catch(() => null);
  if (answer?.type === "opaqueredirect") {
    location.reload();
  } else {
    setTimeout(listen, RETRY_MS);
  }
}

function listen() {
  const source = new EventSource("/events");
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
