"use strict";

// Shows the scenes that the server composes, tells it which of them were painted, and says by
// itself when it hears nothing any more. Written for the browsers of televisions: no modules, no
// libraries, nothing younger than 2017.

(function () {
  var BEAT_MS = 2500;
  var OVERDUE_MS = 1.6 * BEAT_MS;
  var SILENT_MS = 2.8 * BEAT_MS;
  var RECONNECT_MS = 1500;
  var FLASH_MS = 400;
  var RUN_REM_PER_S = 1.2;
  var FONTS_WITHIN_MS = 3000;

  var body = document.body;
  var shown = { serial: 0, scene: null };
  var token = "";
  var speed = 1;
  var source = null;
  var retry = 0;
  var openedAt = 0;
  var heardAt = -SILENT_MS;
  var clock = null;
  var fontsReady = false;
  var fit = { rows: 0, letters: 0 };
  var drawn = {};

  function byId(id) { return document.getElementById(id); }

  function within(element, name) { return element.querySelector("." + name); }

  function setText(element, text) {
    if (element.textContent !== text) { element.textContent = text; }
  }

  function rem() { return parseFloat(getComputedStyle(document.documentElement).fontSize); }

  function isUpright() {
    var layout = body.getAttribute("data-layout");
    return layout === "portrait" || (layout !== "calls" && window.innerHeight > window.innerWidth);
  }

  function isSeen() {
    return document.visibilityState === "visible" && window.innerWidth > 0 && window.innerHeight > 0;
  }

  // What fits. ------------------------------------------------------------------------------

  function isGrid() { return body.getAttribute("data-layout") === "grid"; }

  function rowsThatFit() {
    if (isGrid()) { return isUpright() ? 18 : 20; }
    var main = document.querySelector("main");
    var height = main.clientHeight - (isUpright() ? 7.12 * rem() : 0);
    return Math.min(20, Math.max(1, Math.floor((height - 0.5 * rem() + 1) / (1.52 * rem()))));
  }

  // Letters of Be Vietnam Pro are 0.591 of its size on average; sentences are a tenth narrower,
  // which pays for the lines' ends.
  function lettersThatFit() {
    var bottom = byId("bottom");
    var lines = Math.max(1, Math.floor(bottom.clientHeight / (0.32 * 1.34 * rem())));
    return Math.floor(lines * bottom.clientWidth / (0.32 * 0.591 * rem()));
  }

  // Takes the shape of the window; tells what of the hall it has room for.
  function measure() {
    document.documentElement.classList.toggle("upright", isUpright());
    return { rows: rowsThatFit(), letters: lettersThatFit() };
  }

  // Makes text smaller until it is whole; the smallest size is a part of the first.
  function shrink(element, smallest) {
    element.style.fontSize = "";
    var size = parseFloat(getComputedStyle(element).fontSize);
    var least = size * smallest;
    while (size > least && (element.scrollWidth > element.clientWidth + 1 ||
                            element.scrollHeight > element.clientHeight + 0.12 * size)) {
      size *= 0.95;
      element.style.fontSize = size + "px";
    }
  }

  // Makes a number narrower before it makes it smaller.
  function narrow(element, room, size) {
    element.style.fontSize = size ? size + "px" : "";
    element.style.fontVariationSettings = "";
    var excess = element.offsetWidth / room;
    if (excess <= 1) { return; }
    var width = Math.max(62.5, 100 - 200 * (1 - 1 / excess));
    element.style.fontVariationSettings = '"wght" 720, "wdth" ' + width;
    if (element.offsetWidth > room) {
      size = parseFloat(getComputedStyle(element).fontSize);
      element.style.fontSize = size * room / element.offsetWidth + "px";
    }
  }

  function fitLone(card) {
    narrow(within(card, "number"), within(card, "middle").clientWidth, 0);
    shrink(within(card, "english"), 0.65);
    shrink(within(card, "service"), 0.5);
  }

  function fitShared(card, index, count) {
    var panel = byId("calls");
    var gap = 0.12 * rem();
    var height = (panel.clientHeight - (count - 1) * gap) / count;
    var low = height < 3 * rem();
    card.style.top = index * (height + gap) + "px";
    card.style.height = height + "px";
    card.classList.toggle("low", low);
    var room = within(card, "middle").clientWidth;
    var tall = height - (low ? 0.84 : 1.16) * rem();
    // Four digits are 2.32 times as wide as their type is high; 0.74 of it is glyph.
    narrow(within(card, "number"), room, Math.min(room / 2.1, tall / 0.74));
    var box = within(card, "box");
    narrow(within(card, "counter"), box.clientWidth, Math.min(2.36 * rem(), box.clientHeight * 1.08));
    shrink(within(card, "service"), 0.7);
  }

  function fitRow(row) {
    row.classList.remove("below");
    var number = within(row, "number").offsetWidth;
    var note = within(row, "note");
    var words = row.getAttribute("data-note") || "";
    setText(note, words);
    if (number && words && note.clientWidth < 1.9 * rem()) {
      row.classList.add("below");
      setText(note, words.replace("\n", ", "));
    }
    shrink(note, 0.6);
  }

  function fitCell(cell, index, count) {
    var grid = byId("grid");
    var gap = 0.16 * rem();
    var columns = Math.ceil(Math.sqrt(isUpright() ? count / 3 : count));
    var lines = Math.ceil(count / columns);
    var width = (grid.clientWidth - (columns - 1) * gap) / columns;
    var height = (grid.clientHeight - (lines - 1) * gap) / lines;
    cell.style.left = index % columns * (width + gap) + "px";
    cell.style.top = Math.floor(index / columns) * (height + gap) + "px";
    cell.style.width = width + "px";
    cell.style.height = height + "px";
    var strip = Math.max(0.46 * rem(), 0.22 * height);
    within(cell, "top").style.height = strip + "px";
    // Four narrow digits and the counter are 2.2 times as wide as the numbers' type is high.
    var inner = width - 0.76 * rem();
    var size = Math.min((height - strip - 0.2 * rem()) / 0.95, inner / 2.2);
    var counter = within(cell, "counter");
    narrow(counter, 0.22 * width, 0.7 * size);
    var idle = cell.classList.contains("idle");
    narrow(within(cell, "number"), inner - counter.offsetWidth, idle ? 0.6 * size : size);
    var note = within(cell, "note");
    var brief = note.clientWidth < 3 * rem() && cell.classList.contains("priority");
    setText(note, brief ? body.getAttribute("data-priority") : cell.getAttribute("data-note"));
    shrink(note, 0.5);
    shrink(within(cell, "rest"), 0.46);
  }

  function fitNext() {
    var room = byId("numbers").getBoundingClientRect().right + 1;
    Array.prototype.forEach.call(byId("numbers").children, function (number) {
      number.style.visibility = number.getBoundingClientRect().right > room ? "hidden" : "";
    });
  }

  // Leaves a running text alone as long as it is the same: it would begin anew.
  function fitBottom() {
    var bottom = byId("bottom");
    var text = [byId("still").textContent, bottom.clientWidth, bottom.clientHeight, fontsReady].join();
    if (drawn.bottom === text) { return; }
    drawn.bottom = text;
    bottom.classList.remove("runs");
    if (byId("still").offsetHeight <= bottom.clientHeight) { return; }
    bottom.classList.add("runs");
    var running = byId("running");
    running.style.animationDuration = running.offsetWidth / (RUN_REM_PER_S * rem()) + "s";
  }

  function fitAll() {
    var cards = byId("calls").children;
    if (cards.length === 1) { fitLone(cards[0]); }
    for (var i = 0; cards.length > 1 && i < cards.length; i += 1) {
      fitShared(cards[i], i, cards.length);
    }
    Array.prototype.forEach.call(byId("list").children, fitRow);
    Array.prototype.forEach.call(byId("grid").children, function (cell, index, cells) {
      fitCell(cell, index, cells.length);
    });
    fitNext();
    fitBottom();
  }

  // What is shown. --------------------------------------------------------------------------

  function copyOf(name) {
    return document.importNode(byId(name).content, true).firstElementChild;
  }

  function makeCall(call, lone) {
    var card = copyOf(lone ? "lone" : "shared");
    setText(within(card, "heading"), call.heading);
    setText(within(card, "number"), call.number);
    setText(within(card, "counter"), String(call.counter));
    setText(within(card, "service"), lone ? call.service : call.english || call.service);
    if (lone) { setText(within(card, "english"), call.english); }
    card.classList.toggle("flashing", call.flashing);
    card.classList.toggle("withdrawn", call.withdrawn);
    return card;
  }

  function makeRow(row) {
    var item = copyOf("row");
    if (!row) {
      item.classList.add("empty");
      return item;
    }
    item.classList.add(row.kind);
    item.classList.toggle("resting", !row.number);
    setText(within(item, "number"), row.number);
    item.setAttribute("data-note", row.note);
    setText(within(item, "counter"), String(row.counter));
    return item;
  }

  function makeCell(row) {
    var cell = copyOf("cell");
    var idle = row.kind === "idle" && !row.number;
    var resting = !row.number && !idle;
    cell.classList.add(row.called || row.withdrawn ? "calling" : row.kind);
    cell.classList.toggle("called", row.called);
    cell.classList.toggle("flashing", row.flashing);
    cell.classList.toggle("withdrawn", row.withdrawn);
    cell.setAttribute("data-note", resting ? "" : row.note.replace("\n", ", "));
    setText(within(cell, "number"), idle ? "—" : row.number);
    setText(within(cell, "rest"), resting ? row.note : "");
    setText(within(cell, "counter"), String(row.counter));
    return cell;
  }

  function makeNumber(number) {
    var item = document.createElement("span");
    item.className = "digits";
    item.textContent = number;
    return item;
  }

  // Fills a part of the page anew if what it shows has changed; tells whether it has.
  function fill(id, parts, make) {
    var told = JSON.stringify(parts);
    if (drawn[id] === told) { return false; }
    drawn[id] = told;
    var element = byId(id);
    element.textContent = "";
    parts.forEach(function (part) { element.appendChild(make(part)); });
    return true;
  }

  function rowSlots(rows) {
    var slots = rows.slice(0, fit.rows);
    while (slots.length < fit.rows) { slots.push(null); }
    return slots;
  }

  function render(scene) {
    var calls = scene.cards;
    setText(byId("title"), scene.title);
    setText(byId("place"), scene.place);
    setText(byId("quiet-title"), scene.title);
    setText(byId("quiet-place"), scene.place);
    setText(byId("hours"), scene.hours.replace(/–/g, "–\u2060"));
    setText(byId("page"), scene.page ? "(" + scene.page + ")" : "");
    setText(byId("last-number"), scene.last ? scene.last.number : "");
    setText(byId("last-counter"), scene.last ? String(scene.last.counter) : "");
    byId("quiet").classList.toggle("remembers", Boolean(scene.last));
    body.classList.toggle("waiting", !scene.title);
    body.classList.toggle("calling", calls.length > 0);
    body.classList.toggle("silent", calls.length === 0 && scene.rows.length === 0);
    body.classList.toggle("nobody", scene.next.length === 0);
    fill("calls", calls, function (call) { return makeCall(call, calls.length === 1); });
    fill("list", isGrid() ? [] : rowSlots(scene.rows), makeRow);
    fill("grid", isGrid() ? scene.rows : [], makeCell);
    fill("numbers", scene.next, makeNumber);
    setText(byId("still"), scene.lines.join(". "));
    setText(byId("running"), scene.lines.join("     •     "));
    showFreshness();
    fitAll();
  }

  function isSilent() { return performance.now() - heardAt >= SILENT_MS; }

  function showFreshness() {
    var stale = shown.scene !== null && (isSilent() || shown.scene.stale);
    body.classList.toggle("stale", stale);
  }

  // One phase for all calls, so that no two flash against each other: 1.25 times a second.
  function flash() {
    var main = document.querySelector("main");
    var flashing = main.querySelector(".flashing") !== null && !body.classList.contains("stale");
    main.classList.toggle("bright", flashing && !main.classList.contains("bright"));
  }

  function showClock() {
    if (!clock) { return; }
    var at = new Date(clock.at + (performance.now() - clock.since) * speed);
    var days = body.getAttribute("data-days").split(",");
    var two = function (number) { return (number < 10 ? "0" : "") + number; };
    var date = two(at.getUTCDate()) + "/" + two(at.getUTCMonth() + 1) + "/" + at.getUTCFullYear();
    setText(byId("time"), two(at.getUTCHours()) + ":" + two(at.getUTCMinutes()));
    setText(byId("date"), days[(at.getUTCDay() + 6) % 7] + ", " + date);
  }

  // What was painted. -----------------------------------------------------------------------

  function tell(serial, visible) {
    if (!token) { return; }
    fetch("/board/painted", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ token: token, serial: serial, visible: visible }),
      keepalive: true
    }).then(function (answer) {
      if (answer.status === 404) { reconnect(RECONNECT_MS); }
    }).catch(function () { /* The stream's own silence says so. */ });
  }

  // After the second animation frame the first one, with the scene, is on the screen.
  function confirmPainted() {
    var serial = shown.serial;
    if (!serial || !fontsReady || !isSeen()) { return; }
    requestAnimationFrame(function () {
      requestAnimationFrame(function () {
        if (serial === shown.serial && isSeen()) { tell(serial, true); }
      });
    });
  }

  // What is heard. --------------------------------------------------------------------------

  function hear(event) {
    var said = JSON.parse(event.data);
    heardAt = performance.now();
    if (said.at) { clock = { at: said.at, since: heardAt }; }
    showClock();
    return said;
  }

  function greet(event) {
    var said = hear(event);
    speed = said.speed;
    if (said.version === body.getAttribute("data-version")) {
      token = said.token;
    } else {
      setTimeout(function () { location.reload(); }, RECONNECT_MS);
    }
  }

  function show(event) {
    var said = hear(event);
    shown = { serial: said.serial, scene: said.scene };
    render(said.scene);
    confirmPainted();
  }

  function beat(event) {
    hear(event);
    showFreshness();
    confirmPainted();
  }

  function connect() {
    clearTimeout(retry);
    token = "";
    fit = measure();
    openedAt = performance.now();
    var query = location.search ? location.search + "&" : "?";
    query += "rows=" + fit.rows + "&letters=" + fit.letters;
    source = new EventSource("/board/events" + query);
    source.addEventListener("hello", greet);
    source.addEventListener("scene", show);
    source.addEventListener("beat", beat);
    source.onerror = function () { reconnect(RECONNECT_MS); };
  }

  function reconnect(after) {
    if (source) { source.close(); }
    source = null;
    clearTimeout(retry);
    retry = setTimeout(connect, after);
  }

  function look() {
    showFreshness();
    showClock();
    var quiet = performance.now() - Math.max(heardAt, openedAt);
    if (source && quiet >= OVERDUE_MS) { reconnect(0); }
  }

  function resize() {
    var now = measure();
    if (now.rows !== fit.rows || now.letters !== fit.letters) { reconnect(0); }
    if (shown.scene) { fitAll(); }
  }

  function turn() {
    if (isSeen()) {
      stayAwake();
      confirmPainted();
    } else {
      tell(shown.serial, false);
    }
  }

  function stayAwake() {
    if (navigator.wakeLock && isSeen()) {
      navigator.wakeLock.request("screen").catch(function () { /* Then the set's own settings. */ });
    }
  }

  function takeFonts() {
    if (fontsReady) { return; }
    fontsReady = true;
    if (shown.scene) {
      fitAll();
      confirmPainted();
    }
  }

  function loadFonts() {
    setTimeout(takeFonts, FONTS_WITHIN_MS);
    if (!document.fonts || !document.fonts.load) { return; }
    var faces = ['400 20px "Be Vietnam Pro"', '600 20px "Be Vietnam Pro"',
                 '700 20px "Be Vietnam Pro"', '700 20px "Noto Sans"'];
    Promise.all(faces.map(function (face) { return document.fonts.load(face, "Sắp 0"); }))
      .then(takeFonts, takeFonts);
  }

  // A page that stumbles begins anew rather than stand still.
  window.addEventListener("error", function () {
    setTimeout(function () { location.reload(); }, 10000);
  });
  window.addEventListener("resize", resize);
  document.addEventListener("visibilitychange", turn);
  body.classList.add("waiting", "silent", "nobody");
  body.classList.toggle("in-grid", isGrid());
  setInterval(flash, FLASH_MS);
  setInterval(look, 500);
  loadFonts();
  stayAwake();
  connect();
}());
