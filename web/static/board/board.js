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
  var FONTS_WITHIN_MS = 3000;

  var byId = Fit.byId;
  var setText = Fit.setText;

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
  var fit = { rows: 5, missed: 2, letters: 0 };

  function isSeen() {
    return document.visibilityState === "visible" && window.innerWidth > 0 && window.innerHeight > 0;
  }

  // What is shown. --------------------------------------------------------------------------

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
    Draw.scene(said.scene);
    showFreshness();
    Fit.all(false, fit.rows);
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
    fit = Fit.measure();
    openedAt = performance.now();
    var query = location.search ? location.search + "&" : "?";
    query += "rows=" + fit.rows + "&missed=" + fit.missed + "&letters=" + fit.letters;
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
    var now = Fit.measure();
    if (now.rows !== fit.rows || now.missed !== fit.missed || now.letters !== fit.letters) { reconnect(0); }
    if (shown.scene) { Fit.all(false, fit.rows); }
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
      Fit.all(true, fit.rows);
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
  body.classList.add("silent", "nobody");
  body.classList.toggle("in-grid", Fit.isGrid());
  setInterval(flash, FLASH_MS);
  setInterval(look, 500);
  loadFonts();
  stayAwake();
  connect();
  if (body.getAttribute("data-layout") === "calls+media") { Media.start(resize); }
}());
