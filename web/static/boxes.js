"use strict";

// Follows the machines and the code that is good now; loads the page again when there are others,
// never while somebody is choosing.

const boxes = document.getElementById("boxes");

function choosing() {
  const fields = [...document.querySelectorAll("input:not([type=hidden])")];
  const open = document.querySelector("details[open]");
  return Boolean(open) || fields.some((field) => field.checked || field.value !== field.defaultValue);
}

follow("/devices/boxes/events", "/devices/boxes", (news) => {
  const fresh = news.querySelector("[data-structure]");
  if (fresh.dataset.structure !== boxes.dataset.structure && !choosing()) {
    location.reload();
    return;
  }
  replaceChanged(news);
});
