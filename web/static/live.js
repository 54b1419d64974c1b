"use strict";

// What pages that follow the hall share: the news of the server, and how they come onto the page.

const RETRY_MS = 5000;

function parsed(html) {
  const news = document.createElement("template");
  news.innerHTML = html;
  return news.content;
}

function replaceChanged(news) {
  for (const fresh of news.querySelectorAll("[data-live]")) {
    const shown = document.getElementById(fresh.id);
    if (shown && shown.innerHTML !== fresh.innerHTML) {
      shown.replaceChildren(...fresh.childNodes);
    }
  }
}

// Calls `show` with each piece of news; says on the page while there is no connection. Whoever is
// no longer logged in is sent to the login by the page itself.
function follow(events, page, show) {
  const unheard = document.getElementById("unheard");
  const again = () => follow(events, page, show);
  const source = new EventSource(events);
  source.addEventListener("today", (event) => show(parsed(event.data)));
  source.addEventListener("open", () => { unheard.hidden = true; });
  source.addEventListener("error", async () => {
    unheard.hidden = false;
    if (source.readyState !== EventSource.CLOSED) {
      return;
    }
    const answer = await fetch(page, { redirect: "manual", cache: "no-store" }).catch(() => null);
    if (answer?.type === "opaqueredirect") {
      location.reload();
    } else {
      setTimeout(again, RETRY_MS);
    }
  });
}
