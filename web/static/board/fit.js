"use strict";

// Makes what is shown fit the screen: measures, and the sizes that styles alone cannot know.

var Fit = (function () {
  var RUN_REM_PER_S = 1.2;

  var body = document.body;
  var fitted = "";

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

  function fitRow(row) {
    row.classList.remove("below");
    var room = row.clientWidth - within(row, "counter").offsetWidth - 0.84 * rem();
    narrow(within(row, "number"), room, 0);
    var number = within(row, "number").offsetWidth;
    var note = within(row, "note");
    var words = row.getAttribute("data-note") || "";
    if (isNarrow() && row.classList.contains("priority")) { words = body.getAttribute("data-priority"); }
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
    var text = [byId("still").textContent, bottom.clientWidth, bottom.clientHeight].join();
    if (fitted === text && !anew) { return; }
    fitted = text;
    bottom.classList.remove("runs");
    if (byId("still").offsetHeight <= bottom.clientHeight) { return; }
    bottom.classList.add("runs");
    var running = byId("running");
    running.style.animationDuration = running.offsetWidth / (RUN_REM_PER_S * rem()) + "s";
  }

  // Fits all that is shown; anew, also what has not changed, after the fonts have come.
  function fitAll(anew) {
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
    fitBottom(anew);
  }

  return {
    all: fitAll, byId: byId, isGrid: isGrid, measure: measure, setText: setText, within: within
  };
}());
