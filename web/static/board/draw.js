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

  function rowSlots(rows, fit) {
    var slots = rows.slice(0, fit);
    while (slots.length < fit) { slots.push(null); }
    return slots;
  }

  // Puts a scene on the page, with as many rows as fit beside the panel.
  function render(scene, fit) {
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
    body.classList.toggle("out-of-hours", !scene.giving);
    body.classList.toggle("calling", calls.length > 0);
    body.classList.toggle("silent", calls.length === 0 && scene.rows.length === 0);
    body.classList.toggle("alone", scene.rows.length === 0);
    body.classList.toggle("nobody", scene.next.length === 0);
    fill("calls", calls, function (call) { return makeCall(call, calls.length === 1); });
    fill("list", Fit.isGrid() ? [] : rowSlots(scene.rows, fit), makeRow);
    fill("grid", Fit.isGrid() ? scene.rows : [], makeCell);
    fill("numbers", scene.next, makeNumber);
    setText(byId("still"), scene.lines.join(". "));
    setText(byId("running"), scene.lines.join("     •     "));
  }

  return { scene: render };
}());
