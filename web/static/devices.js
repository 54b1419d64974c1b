"use strict";

// Replaces what has changed about each device, as the server tells it, and loads the page again
// when there are other devices or other texts; never while somebody is typing. Without this
// script the page is whole as it was when it was asked for.

const devices = document.getElementById("devices");

function typing() {
  const fields = [...document.querySelectorAll("textarea, input, select")];
  return fields.some((field) => field === document.activeElement
    || (field.defaultValue !== undefined && field.value !== field.defaultValue));
}

follow("/devices/events", "/devices", (news) => {
  const fresh = news.querySelector("[data-structure]");
  if (fresh.dataset.structure !== devices.dataset.structure && !typing()) {
    location.reload();
    return;
  }
  replaceChanged(news);
});
