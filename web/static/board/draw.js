"use strict";

// Puts a scene on the page; what has not changed stays as it is.

var Draw = (function () {
  var byId = Fit.byId;
  var setText = Fit.setText;
  var within = Fit.within;

  var body = document.body;
  var drawn = {};

  function copyOf(name) {
    return document.importNode(byId(name).content, true).firstElementChild;
  }

  function makeCall(call, lone) {
    var card = copyOf(lone ? "lone" : "shared");
    setText(within(card, "heading"), call.heading);
    setText(within(card, "number"), call.number);
    setText(within(card, "counter"), String(call.counter));
    setText(within(card, "service"), call.service);
    card.setAttribute("data-english", call.english);
    card.setAttribute("data-service", call.service);
    card.classList.toggle("flashing", call.flashing);
    card.classList.toggle("withdrawn", call.withdrawn);
    return card;
  }

  function makeRow(row) {
    var item = copyOf("row");
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
    cell.setAttribute("data-note", resting ? "" : row.note.replace("\n", row.kind === "priority" ? " " : ", "));
    setText(within(cell, "number"), idle ? "—" : row.number);
    setText(within(cell, "rest"), resting ? row.note : "");
    setText(within(cell, "counter"), String(row.counter));
    return cell;
  }

  function makeWait(line) {
    var item = document.createElement("p");
    var service = document.createElement("span");
    var words = document.createElement("span");
    service.textContent = line.service;
    words.className = "words";
    words.setAttribute("data-people", body.getAttribute("data-people").replace("{count}", line.count));
    words.setAttribute("data-wait", line.wait);
    item.appendChild(service);
    item.appendChild(words);
    return item;
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

  // Puts a scene on the page.
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
    setText(byId("greeting"), scene.greeting[0] || "");
    setText(byId("greeting-again"), scene.greeting[1] || "");
    setText(byId("missed-numbers"), scene.missed.join(" · "));
    setText(byId("missed-page"), scene.missed_page ? "(" + scene.missed_page + ")" : "");
    body.classList.toggle("calling", calls.length > 0);
    body.classList.toggle("silent", calls.length === 0 && scene.rows.length === 0);
    body.classList.toggle("alone", scene.rows.length === 0);
    body.classList.toggle("nobody", scene.following === "nobody");
    body.classList.toggle("unopened", scene.following === "not_open");
    body.classList.toggle("missing", scene.missed.length > 0);
    body.classList.toggle("lines", scene.waits.length > 0);
    fill("calls", calls, function (call) { return makeCall(call, calls.length === 1); });
    fill("list", Fit.isGrid() ? [] : scene.rows, makeRow);
    fill("grid", Fit.isGrid() ? scene.rows : [], makeCell);
    fill("numbers", scene.next, makeNumber);
    Array.prototype.forEach.call(document.querySelectorAll(".waits-page"), function (page) {
      setText(page, scene.waits_page ? "(" + scene.waits_page + ")" : "");
    });
    fill("waits", scene.waits, makeWait);
    fill("quiet-waits", scene.waits, makeWait);
    setText(byId("line"), scene.line);
  }

  return { scene: render };
}());
