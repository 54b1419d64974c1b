"use strict";

// The page of a number follows it. Nothing here is newer than ES2017, so that phones of 2018 run it;
// without this script the page loads itself again.

(function () {
  const body = document.body;
  const byId = (id) => document.getElementById(id);
  const SILENT_MS = 40000;
  const AGAIN_MS = 8000;
  let heardAt = Date.now();
  let source = null;
  let sound = null;
  let ringing = 0;
  let state = body.dataset.state;
  let soon = false;

  function beep(times) {
    if (!sound) {
      return;
    }
    for (let i = 0; i < times; i += 1) {
      const tone = sound.createOscillator();
      const volume = sound.createGain();
      const at = sound.currentTime + i * 0.6;
      tone.frequency.value = i % 2 ? 880 : 660;
      volume.gain.setValueAtTime(0.0001, at);
      volume.gain.exponentialRampToValueAtTime(0.6, at + 0.03);
      volume.gain.exponentialRampToValueAtTime(0.0001, at + 0.5);
      tone.connect(volume);
      volume.connect(sound.destination);
      tone.start(at);
      tone.stop(at + 0.55);
    }
    if (navigator.vibrate) {
      navigator.vibrate(times > 2 ? [400, 200, 400, 200, 800] : [300, 150, 300]);
    }
  }

  // Whoever is called hears it three times, at most one minute.
  function alarm() {
    clearInterval(ringing);
    let left = 3;
    beep(4);
    ringing = setInterval(() => {
      left -= 1;
      if (left <= 0 || state !== "called") {
        clearInterval(ringing);
      } else {
        beep(4);
      }
    }, 15000);
  }

  function replace(id, html) {
    const place = byId(id);
    if (place.innerHTML !== html) {
      place.innerHTML = html;
    }
  }

  function show(now) {
    const before = state;
    state = now.state;
    body.dataset.state = state;
    document.title = body.dataset.number + " – " + now.title;
    replace("above", now.above);
    replace("below", now.below);
    replace("more", now.more);
    if (state === "called" && before !== "called") {
      alarm();
      window.scrollTo(0, 0);
    } else if (now.soon && !soon) {
      beep(2);
    }
    soon = now.soon;
    if (now.over && source) {
      source.close();
      source = null;
    }
  }

  function heard(said) {
    heardAt = Date.now();
    byId("unheard").hidden = true;
    byId("at").textContent = said.at;
  }

  function listen() {
    source = new EventSource(body.dataset.events);
    source.addEventListener("state", (event) => {
      const said = JSON.parse(event.data);
      heard(said);
      show(said.now);
    });
    source.addEventListener("beat", (event) => heard(JSON.parse(event.data)));
    source.addEventListener("error", () => {
      byId("unheard").hidden = false;
      if (source && source.readyState === EventSource.CLOSED) {
        source = null;
        setTimeout(() => location.reload(), AGAIN_MS + Math.random() * AGAIN_MS);
      }
    });
  }

  function pressed(button, on) {
    button.setAttribute("aria-pressed", String(on));
    button.textContent = on ? button.dataset.on : button.dataset.off;
  }

  const bell = byId("sound");
  const Sound = window.AudioContext || window.webkitAudioContext;
  if (Sound) {
    bell.hidden = false;
    bell.addEventListener("click", () => {
      if (sound) {
        sound.close();
        sound = null;
      } else {
        sound = new Sound();
        sound.resume();
        beep(1);
      }
      pressed(bell, sound !== null);
    });
  }

  // Browsers give it over a trusted connection only, and take it back when the page is hidden.
  const awake = byId("awake");
  let lock = null;
  let wanted = false;
  async function keepAwake() {
    try {
      lock = await navigator.wakeLock.request("screen");
    } catch (refused) {
      wanted = false;
      lock = null;
    }
    pressed(awake, wanted);
  }
  if (awake && navigator.wakeLock && window.isSecureContext) {
    awake.hidden = false;
    awake.addEventListener("click", () => {
      wanted = !wanted;
      if (wanted) {
        keepAwake();
      } else if (lock) {
        lock.release();
        pressed(awake, false);
      }
    });
    document.addEventListener("visibilitychange", () => {
      if (wanted && !document.hidden) {
        keepAwake();
      }
    });
  }

  setInterval(() => {
    if (Date.now() - heardAt > SILENT_MS && source) {
      byId("unheard").hidden = false;
    }
  }, 5000);

  if (state !== "over") {
    if (window.EventSource) {
      listen();
    } else {
      setInterval(() => location.reload(), 15000);
    }
  }
}());
