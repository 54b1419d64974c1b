"use strict";

// A counter's page: shows what the server draws, sends what is pressed, and says when its line is
// gone. Nothing is kept to be sent later: a press that finds no line is over.

const LOST_AFTER_MS = 5000;
const PRESS_WITHIN_MS = 4000;
const ONE_PRESS_MS = 350;
const BLINK_MS = 900;
const SAID_MS = 8000;
const KEYS = { F8: "recall", F9: "next" };

const told = document.body.dataset;
const address = `/counter/${told.counter}`;
const press = document.getElementById("press");
const cut = document.getElementById("cut");
const soundButton = document.getElementById("sound");
let heardAt = performance.now();
// The server's time comes with the page, too: somebody may press before the line is up.
const [{ responseStart }] = performance.getEntriesByType("navigation");
let serverNow = Number(told.now) + heardAt - responseStart;
let once = press.elements.once.value;
let title = document.title;
let rings = "";
let sounds = "";
let small = null;
let smallest = "";
let sound = null;
let lastPress = { value: "", at: 0 };

// What is shown ---------------------------------------------------------------------------------

function parsed(html) {
  const news = document.createElement("template");
  news.innerHTML = html;
  const texts = document.createTreeWalker(news.content, NodeFilter.SHOW_TEXT);
  const blank = [];
  while (texts.nextNode()) {
    if (!texts.currentNode.nodeValue.trim()) {
      blank.push(texts.currentNode);
    }
  }
  blank.forEach((text) => text.remove());
  return news.content;
}

function alike(shown, fresh) {
  return shown.nodeName === fresh.nodeName && shown.dataset?.key === fresh.dataset?.key;
}

// Makes `shown` look like `fresh` by as few changes as that takes: a button that stays the same
// stays the same element, so that neither a press that has begun nor the focus is lost.
function become(shown, fresh) {
  if (shown.nodeType !== Node.ELEMENT_NODE && shown.nodeType !== Node.DOCUMENT_FRAGMENT_NODE) {
    if (shown.nodeValue !== fresh.nodeValue) {
      shown.nodeValue = fresh.nodeValue;
    }
    return;
  }
  for (const { name, value } of fresh.attributes ?? []) {
    if (shown.getAttribute(name) !== value) {
      shown.setAttribute(name, value);
    }
  }
  for (const { name } of [...(shown.attributes ?? [])]) {
    if (fresh.attributes && !fresh.hasAttribute(name)) {
      shown.removeAttribute(name);
    }
  }
  becomeWithin(shown, fresh);
}

function becomeWithin(shown, fresh) {
  let at = shown.firstChild;
  for (const wanted of [...fresh.childNodes]) {
    let found = at;
    while (found && !alike(found, wanted)) {
      found = found.nextSibling;
    }
    if (!found) {
      shown.insertBefore(shown.ownerDocument.importNode(wanted, true), at);
      continue;
    }
    while (at !== found) {
      const passed = at;
      at = at.nextSibling;
      passed.remove();
    }
    become(found, wanted);
    at = found.nextSibling;
  }
  while (at) {
    const left = at;
    at = at.nextSibling;
    left.remove();
  }
}

function places(name) {
  const found = [...document.querySelectorAll(`[data-part="${name}"]`)];
  return small ? [...found, ...small.document.querySelectorAll(`[data-part="${name}"]`)] : found;
}

function show(news) {
  once = news.once;
  smallest = news.parts.small ?? smallest;
  for (const [name, html] of Object.entries(news.parts)) {
    for (const place of places(name)) {
      becomeWithin(place, parsed(html));
    }
  }
  if ("sheet" in news.parts) {
    attendSheet();
  }
  title = `${news.title} – Đến Lượt`;
  document.title = title;
  if (news.sounds > sounds) {
    sound?.ring();
  }
  sounds = news.sounds;
  rings = news.rings;
}

let sheetTitle = "";

function attendSheet() {
  const heading = document.getElementById("sheet-title");
  document.getElementById("page").inert = Boolean(heading) || isLost();
  const named = heading?.textContent ?? "";
  if (named && named !== sheetTitle) {
    (document.querySelector(".typed input") ?? heading).focus();
  }
  sheetTitle = named;
}

// Whether the line is there ---------------------------------------------------------------------

function isLost() {
  return !cut.hidden;
}

function hear(now) {
  heardAt = performance.now();
  serverNow = now;
  sayLost(false);
}

function sayLost(lost) {
  if (lost === isLost()) {
    return;
  }
  cut.hidden = !lost;
  for (const body of small ? [document.body, small.document.body] : [document.body]) {
    body.classList.toggle("lost-line-page", lost);
    for (const line of body.querySelectorAll("[data-cut]")) {
      line.hidden = !lost;
    }
    for (const place of body.querySelectorAll(".over, .small")) {
      place.inert = lost;
    }
  }
  attendSheet();
}

function follow() {
  const source = new EventSource(`${address}/events?page=${told.page}`);
  source.addEventListener("hello", (event) => {
    const { version, now } = JSON.parse(event.data);
    if (version !== told.version) {
      location.reload();
    }
    hear(now);
  });
  source.addEventListener("view", (event) => {
    const news = JSON.parse(event.data);
    hear(news.now);
    show(news);
  });
  source.addEventListener("beat", (event) => hear(JSON.parse(event.data).now));
  source.addEventListener("gone", () => location.reload());
  source.addEventListener("error", async () => {
    if (source.readyState !== EventSource.CLOSED) {
      return;
    }
    const answer = await fetch(location.href, { redirect: "manual", cache: "no-store" }).catch(() => null);
    if (answer?.type === "opaqueredirect") {
      location.reload();
    } else {
      setTimeout(follow, 1000);
    }
  });
}

// What is pressed -------------------------------------------------------------------------------

function say(text) {
  for (const place of places("notice")) {
    const line = document.createElement("p");
    line.className = "toast";
    line.textContent = text;
    place.replaceChildren(line);
    setTimeout(() => line.remove(), SAID_MS);
  }
}

async function send(form, button) {
  const at = performance.now();
  const { value } = button;
  const known = lastPress.value === value && at - lastPress.at < ONE_PRESS_MS;
  if (isLost() || button.ariaDisabled === "true" || known) {
    return;
  }
  lastPress = { value, at };
  const body = new URLSearchParams(new FormData(form));
  body.set("press", value);
  body.set("once", once);
  body.set("pressed", String(Math.round(serverNow + at - heardAt)));
  const ending = new AbortController();
  const end = setTimeout(() => ending.abort(), PRESS_WITHIN_MS);
  try {
    const answer = await fetch(press.action, {
      method: "POST", body, signal: ending.signal, redirect: "manual",
      headers: { Accept: "application/json" },
    });
    if (answer.type === "opaqueredirect" || answer.status === 410) {
      location.reload();
    } else if (!answer.ok) {
      say(told.unsent);
    }
  } catch {
    say(told.unsent);
  } finally {
    clearTimeout(end);
  }
}

function typesIn(element) {
  return element?.matches?.("input, select, textarea, [contenteditable]") ?? false;
}

function attend(page) {
  page.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (button?.name === "press") {
      event.preventDefault();
      send(event.target, button);
    }
  });
  page.addEventListener("keydown", (event) => {
    const named = event.ctrlKey || event.altKey || event.metaKey || event.shiftKey ? "" : event.key;
    if (named === "Escape") {
      const close = document.querySelector("[data-close]");
      if (close) {
        event.preventDefault();
        close.click();
      }
    }
    if (!(named in KEYS) || typesIn(page.activeElement)) {
      return;
    }
    event.preventDefault();
    if (!event.repeat) {
      pressKey(KEYS[named]);
    }
  });
  page.addEventListener("pointerdown", () => sound?.arm(), { capture: true });
}

// F9 is not the big button: where the officer has to choose it only draws attention to the choice.
function pressKey(name) {
  const shown = document.querySelector(`button[data-key="${name === "next" ? "primary" : name}"]`);
  if (shown && !sheetTitle) {
    const [, mark] = shown.value.split("~");
    send(press, { value: `${name}~${mark}`, ariaDisabled: name === "next" ? "false" : shown.ariaDisabled });
  }
}

// Sound, and the blinking title ---------------------------------------------------------------

function makeSound() {
  const context = new AudioContext();
  let loading = null;
  const load = () => {
    loading ??= fetch(`/static/help.wav?v=${told.version}`)
      .then((answer) => answer.arrayBuffer())
      .then((bytes) => context.decodeAudioData(bytes))
      .catch(() => { loading = null; });
    return loading;
  };
  const said = () => {
    const armed = context.state === "running";
    soundButton.textContent = armed ? told.soundOn : told.soundOff;
    soundButton.setAttribute("aria-pressed", String(armed));
  };
  const arm = async () => {
    if (context.state !== "running") {
      await context.resume().catch(() => null);
    }
    said();
  };
  const ring = async () => {
    const buffer = await load();
    if (buffer && context.state === "running") {
      const source = context.createBufferSource();
      source.buffer = buffer;
      source.connect(context.destination);
      source.start();
      document.body.dataset.rang = String(Number(document.body.dataset.rang ?? 0) + 1);
    }
  };
  context.addEventListener("statechange", said);
  load();
  soundButton.hidden = false;
  soundButton.addEventListener("click", async () => {
    await arm();
    ring();
  });
  said();
  return { arm, ring };
}

setInterval(() => {
  document.title = rings && document.title === title ? `(!) ${told.rung} – ${title}` : title;
}, BLINK_MS);

// The small form, always in sight ---------------------------------------------------------------

async function openSmall(event) {
  event.preventDefault();
  if (!("documentPictureInPicture" in window)) {
    window.open(event.target.href, event.target.target, "popup,width=460,height=220");
    return;
  }
  if (small) {
    small.close();
    return;
  }
  const opened = await documentPictureInPicture.requestWindow({ width: 460, height: 220 });
  for (const sheet of document.querySelectorAll("link[rel=stylesheet]")) {
    const link = opened.document.createElement("link");
    link.rel = "stylesheet";
    link.href = sheet.href;
    opened.document.head.append(link);
  }
  opened.document.documentElement.lang = document.documentElement.lang;
  opened.document.body.className = document.body.className;
  opened.document.body.append(
    opened.document.importNode(press, true),
    opened.document.importNode(document.getElementById("small-template").content, true),
  );
  small = opened;
  becomeWithin(places("small")[0], parsed(smallest));
  attend(opened.document);
  opened.addEventListener("pagehide", () => { small = null; });
}

attend(document);
if (soundButton && "AudioContext" in window) {
  sound = makeSound();
}
document.getElementById("small-form")?.addEventListener("click", openSmall);
setInterval(() => sayLost(performance.now() - heardAt > LOST_AFTER_MS), 250);
attendSheet();
follow();
