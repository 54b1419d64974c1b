"use strict";

// Replaces what has changed on the page, as the server tells it; without this script the page
// is still whole and reloads itself.

follow("/events", "/", (news) => {
  document.title = news.querySelector("[data-title]").dataset.title;
  replaceChanged(news);
});
