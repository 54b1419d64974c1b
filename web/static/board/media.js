"use strict";

// Pictures beside the calls, one after the other in the order of their names; calls come first.

var Media = (function () {
  var AGAIN_MS = 5000;

  var root = document.documentElement;
  var broken = {};
  var last = null;
  var changed = null;

  function again(after) { setTimeout(step, after); }

  function isCalling() { return document.querySelector("main .flashing") !== null; }

  function idOf(file) { return file.name + "?v=" + file.version; }

  // What comes after the last picture, the first again after the end.
  function next(files) {
    var whole = files.filter(function (file) { return !broken[idOf(file)]; });
    var later = whole.filter(function (file) { return last && file.name > last.name; });
    return later[0] || whole[0] || null;
  }

  function setShown(shown) {
    if (root.classList.contains("with-media") === shown) { return; }
    root.classList.toggle("with-media", shown);
    changed();
  }

  function put(image) {
    var pane = document.getElementById("media");
    image.alt = "";
    pane.replaceChild(image, pane.firstElementChild);
    setShown(true);
  }

  function load(file, seconds) {
    var image = new Image();
    image.onload = function () {
      last = file;
      put(image);
      again(1000 * seconds);
    };
    image.onerror = function () {
      broken[idOf(file)] = true;
      again(500);
    };
    image.src = "/board/media/" + encodeURIComponent(file.name) + "?v=" + file.version;
  }

  function take(told) {
    var file = next(told.files);
    if (!file) {
      last = null;
      broken = {};
      setShown(false);
      again(AGAIN_MS);
    } else if (last && idOf(file) === idOf(last)) {
      again(1000 * told.seconds);
    } else {
      load(file, told.seconds);
    }
  }

  function step() {
    if (last && isCalling()) {
      again(1000);
      return;
    }
    fetch("/board/media").then(function (answer) { return answer.json(); })
      .then(take, function () { again(AGAIN_MS); });
  }

  // Shows pictures from now on; calls onChange when the calls get more room or less.
  function start(onChange) {
    changed = onChange;
    step();
  }

  return { start: start };
}());
