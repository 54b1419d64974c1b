"use strict";

// A counter's tablet: wakes when the server says that somebody was served, counts down, sleeps.
// Any touch or key gives as long again. What is touched is sent as an ordinary form.

const SHOWN_MS = 25000;
const LOST_AFTER_MS = 12000;
const AGAIN_MS = 2000;

const told = document.body.dataset;
const page = document.getElementById("page");
const asleep = document.getElementById("asleep");
const cut = document.getElementById("cut");
let key = told.key;
let heardAt = performance.now();
let endsAt = 0;
let openUntil = 0;

function count(leftS, openS) {
  endsAt = performance.now() + leftS * 1000;
  openUntil = performance.now() + openS * 1000;
}

function show(html, lang) {
  page.innerHTML = html;
  document.documentElement.lang = lang;
  document.getElementById("heading")?.focus();
}

function sleep() {
  endsAt = 0;
  page.replaceChildren(asleep.content.cloneNode(true));
  document.documentElement.lang = "vi";
}

function tick() {
  const now = performance.now();
  cut.hidden = now - heardAt < LOST_AFTER_MS;
  if (!endsAt) {
    return;
  }
  if (now >= endsAt) {
    sleep();
    return;
  }
  const left = Math.ceil((endsAt - now) / 1000);
  const number = document.getElementById("left");
  if (number && number.textContent !== String(left)) {
    number.textContent = String(left);
  }
  const bar = document.getElementById("bar");
  if (bar) {
    bar.value = (endsAt - now) / 1000;
  }
}

function stay() {
  if (endsAt && document.getElementById("left")) {
    endsAt = Math.max(endsAt, Math.min(openUntil, performance.now() + SHOWN_MS));
  }
}

function take(scene) {
  if (scene.key === key) {
    openUntil = performance.now() + scene.open_s * 1000;
    endsAt = endsAt && Math.min(endsAt, openUntil);
    return;
  }
  key = scene.key;
  if (scene.left_s > 0) {
    show(scene.html, scene.lang);
    count(scene.left_s, scene.open_s);
  } else {
    sleep();
  }
}

function follow() {
  const source = new EventSource(`/rate/${told.counter}/events`);
  const hear = () => { heardAt = performance.now(); };
  source.addEventListener("hello", (event) => {
    hear();
    if (JSON.parse(event.data).version !== told.version) {
      location.reload();
    }
  });
  source.addEventListener("beat", hear);
  source.addEventListener("scene", (event) => {
    hear();
    take(JSON.parse(event.data));
  });
  source.addEventListener("gone", () => location.assign("/rate"));
  source.addEventListener("error", async () => {
    if (source.readyState !== EventSource.CLOSED) {
      return;
    }
    const answer = await fetch(location.href, { redirect: "manual", cache: "no-store" }).catch(() => null);
    if (answer && answer.type === "opaqueredirect") {
      location.assign("/rate");
    } else {
      setTimeout(follow, AGAIN_MS);
    }
  });
}

let sent = false;
page.addEventListener("submit", (event) => {
  if (sent) {
    event.preventDefault();
  }
  sent = true;
  setTimeout(() => { sent = false; }, AGAIN_MS);
});
document.addEventListener("pointerdown", stay);
document.addEventListener("keydown", stay);
if (Number(told.left) > 0) {
  count(Number(told.left), Number(told.open));
  document.getElementById("heading")?.focus();
}
setInterval(tick, 250);
follow();
