"use strict";

// Makes what is shown fit the screen: measures, and the sizes that styles alone cannot know.

var Fit = (function () {
  var RUN_REM_PER_S = 1.2;
  var HELD_S = 2;

  var body = document.body;
  var fitted = "";
  var running = null;

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

  function isGrid() { return body.getAttribute("data-layout") === "grid"; }

  // Beside pictures on a screen that lies, where everything is narrower.
  function isNarrow() {
    return document.documentElement.classList.contains("with-media") && !isUpright();
  }

  function rowsThatFit() {
    if (isGrid()) { return isUpright() ? 18 : 20; }
    var main = document.querySelector("main");
    var height = main.clientHeight - (isUpright() ? 7.12 * rem() : 0);
    return Math.min(20, Math.max(1, Math.floor((height - 0.5 * rem() + 1) / ((isNarrow() ? 1.78 : 1.52) * rem()))));
  }

  // Letters of Be Vietnam Pro are 0.591 of its size on average.
  function lettersThatFit() {
    return Math.floor(byId("bottom").clientWidth / (0.42 * 0.591 * rem()));
  }

  // Missed numbers of four digits with their dots, a little narrowed.
  function missedThatFit() {
    var width = isGrid() ? window.innerWidth - 0.8 * rem() : document.querySelector("main").clientWidth;
    if (!isGrid() && !isUpright()) { width = (width - 0.24 * rem()) * (isNarrow() ? 0.35 : 0.4053); }
    var room = width - (isNarrow() && !isGrid() ? 0.6 : 3.4) * rem();
    return Math.max(1, Math.floor((room + 0.46 * rem()) / (2.05 * rem())));
  }

  // Takes the shape of the window; tells what of the hall it has room for.
  function measure() {
    document.documentElement.classList.toggle("upright", isUpright());
    return { rows: rowsThatFit(), missed: missedThatFit(), letters: lettersThatFit() };
  }

  function isCut(element, size) {
    return element.scrollWidth > element.clientWidth + 1 ||
           element.scrollHeight > element.clientHeight + 0.12 * size;
  }

  // Makes text smaller until it is whole; the smallest size is a part of the first.
  function shrink(element, smallest) {
    element.style.fontSize = "";
    var size = parseFloat(getComputedStyle(element).fontSize);
    var least = size * smallest;
    while (size > least && isCut(element, size)) {
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
    var beside = isNarrow() ? card.getAttribute("data-service") : "";
    setText(within(card, "english"), card.getAttribute("data-english") || beside);
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
    var service = within(card, "service");
    setText(service, card.getAttribute("data-english") || card.getAttribute("data-service"));
    shrink(service, 0.55);
    if (isCut(service, parseFloat(service.style.fontSize))) { setText(service, ""); }
  }

  function fitRow(row, size) {
    row.classList.remove("below");
    var number = within(row, "number");
    var note = within(row, "note");
    var words = row.getAttribute("data-note") || "";
    var text = number.textContent;
    var below = Boolean(words && text) && (isNarrow() || !/^[0-9]{1,4}$/.test(text));
    if (words && text) { size = Math.min(size, (below ? 1.26 : 1.4) * rem()); }
    var counter = within(row, "counter");
    narrow(counter, row.clientWidth, size);
    var room = row.clientWidth - counter.offsetWidth - 0.96 * rem();
    narrow(number, words && !below ? room - 2.6 * rem() : room, size);
    if (below && row.classList.contains("priority") && isNarrow()) {
      words = body.getAttribute("data-priority");
    }
    row.classList.toggle("below", below);
    setText(note, below ? words.replace("\n", row.classList.contains("priority") ? " " : ", ") : words);
    shrink(note, 0.5);
  }

  // Few rows are larger; next to very few there is room for who waits for what.
  function fitRows(fit) {
    var rows = byId("list").children;
    if (isGrid() || body.classList.contains("silent")) {
      body.classList.remove("roomy");
      return;
    }
    var column = byId("rows").clientHeight - 0.62 * rem();
    var shown = rows.length + (body.classList.contains("missing") ? 1 : 0);
    var roomy = !isNarrow() && fit >= 4 && shown <= 2 && body.classList.contains("lines");
    var slots = Math.min(fit, roomy ? 4 : Math.max(3, shown));
    var height = (column - (slots - 1) * 0.12 * rem()) / slots;
    var size = Math.min(1.65 * rem(), 1.26 * rem() + Math.max(0, height - 1.4 * rem()) * 0.7);
    body.classList.toggle("roomy", roomy);
    Array.prototype.forEach.call(rows, function (row) {
      row.style.height = height + "px";
      fitRow(row, size);
    });
    byId("missed").style.height = height + "px";
  }

  function fitMissed() {
    var numbers = byId("missed-numbers");
    var missed = byId("missed");
    if (isGrid()) { missed.style.height = ""; }
    var taken = isNarrow() && !isGrid() ? 0 : byId("missed-page").getBoundingClientRect().right - missed.getBoundingClientRect().left;
    narrow(numbers, missed.clientWidth - taken - 0.5 * rem(), 0);
  }

  function fitWaits(list) {
    var head = 0.56 * rem();
    var lines = list.children;
    var wide = list.clientWidth > 7.2 * rem();
    var room = list.parentNode.clientHeight - head;
    var height = Math.min((wide ? 0.84 : 1.08) * rem(), room / Math.max(1, lines.length));
    Array.prototype.forEach.call(lines, function (line) {
      line.style.height = height + "px";
      line.classList.toggle("wide", wide);
      var told = [line.lastChild.getAttribute("data-people"), line.lastChild.getAttribute("data-wait")];
      setText(line.lastChild, told.filter(Boolean).join(wide ? " · " : "\n"));
      shrink(line.firstChild, 0.5);
      shrink(line.lastChild, 0.5);
    });
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
    setText(note, cell.getAttribute("data-note"));
    if (cell.classList.contains("priority") && note.clientWidth < 5.56 * rem()) {
      setText(note, body.getAttribute(note.clientWidth < 2.76 * rem() ? "data-brief" : "data-priority"));
    }
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
  function fitBottom(anew) {
    var bottom = byId("bottom");
    var line = byId("line");
    var text = [line.textContent, bottom.clientWidth, bottom.clientHeight].join();
    if (fitted === text && !anew) { return; }
    fitted = text;
    if (running) { running.cancel(); }
    running = null;
    var way = line.offsetWidth - bottom.clientWidth;
    bottom.classList.toggle("runs", way > 0);
    if (way <= 0 || !line.animate) { return; }
    var run = way / (RUN_REM_PER_S * rem());
    var whole = run + 2 * HELD_S;
    var end = "translateX(" + -way + "px)";
    running = line.animate([
      { transform: "none", offset: 0 }, { transform: "none", offset: HELD_S / whole },
      { transform: end, offset: (HELD_S + run) / whole }, { transform: end, offset: 1 }
    ], { duration: 1000 * whole, iterations: Infinity });
  }

  // Fits all that is shown; anew, also what has not changed, after the fonts have come.
  function fitAll(anew, fit) {
    var cards = byId("calls").children;
    if (cards.length === 1) { fitLone(cards[0]); }
    for (var i = 0; cards.length > 1 && i < cards.length; i += 1) {
      fitShared(cards[i], i, cards.length);
    }
    fitRows(fit);
    if (body.classList.contains("missing")) { fitMissed(); }
    ["waits", "quiet-waits"].forEach(function (id) { if (byId(id).offsetWidth) { fitWaits(byId(id)); } });
    Array.prototype.forEach.call(byId("grid").children, function (cell, index, cells) {
      fitCell(cell, index, cells.length);
    });
    fitNext();
    fitBottom(anew);
  }

  return {
    all: fitAll, byId: byId, isGrid: isGrid, measure: measure, setText: setText, within: within
  };
}());
