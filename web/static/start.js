"use strict";

// Shows what becomes of the test ticket as the server tells it, and loads the page again when a
// kiosk or a printer has come or gone; never while somebody is choosing. Without this script the
// page is whole as it was when it was asked for, and "Tìm lại" asks for it again.

const kiosks = document.getElementById("kiosks");

function choosing() {
  const fields = [...kiosks.querySelectorAll("input, select")];
  return fields.some((field) => field === document.activeElement
    || (field.type === "radio" ? field.checked !== field.defaultChecked
      : field.type === "text" && field.value !== field.defaultValue));
}

follow("/start/printer/events", "/start/printer", (news) => {
  const fresh = news.querySelector("[data-structure]");
  if (fresh.dataset.structure !== kiosks.dataset.structure && !choosing()) {
    location.reload();
    return;
  }
  replaceChanged(news);
});
