"""What is read out of a citizen's screen, and where the keys are on it."""

from collections.abc import Callable
from enum import StrEnum
from typing import Protocol

from PySide6.QtCore import QObject, Signal, Slot

from hall.citizen.phrases import Phrase
from hall.citizen.speech import Number, Spoken, sentences, written
from hall.citizen.stops import Circumstances, Reading, Stop, reading_of
from hall.words import Words
from kiosk.app import Kiosk
from kiosk.controls import Controls

NORMAL_VOLUME = 6
LOUDEST = 10
_OVERLAY = "/"


class Key(StrEnum):
    """The five keys."""

    BACK = "back"
    NEXT = "next"
    UP = "up"
    DOWN = "down"
    CHOOSE = "choose"


class Mouth(Protocol):
    """Says sentences, one at a time, on a sound output of its own."""

    on_said: Callable[[], None]
    """Called once a sentence was said to its end, on the kiosk's thread."""

    def say(self, spoken: Spoken, lang: str) -> None:
        """Say this, in place of what is being said."""

    def cut(self) -> None:
        """Say no more of it."""

    def pause(self) -> None:
        """Rest where it is."""

    def resume(self) -> None:
        """Go on from where it rested; where nothing was left, `on_said` is called at once."""

    def set_volume(self, volume: float) -> None:
        """Speak at this part of the box's loudness, from now on."""

    def hush(self, *, hushed: bool) -> None:
        """Speak low while the hall is called, or as loud as before."""


class Reader(QObject):
    """Follows the screen: reads what appears, moves over its stops, chooses them.

    Everything that a person has changed is as it was for the next: focus, volume, pause.
    """

    changed = Signal()

    def __init__(self, kiosk: Kiosk, controls: Controls, mouth: Mouth | None = None) -> None:
        super().__init__(kiosk)
        self.reading = Reading()
        self.volume = NORMAL_VOLUME
        self.paused = False
        self.saying: Spoken = ()
        """What is being said, or was said last."""
        self._kiosk = kiosk
        self._controls = controls
        self._mouth = mouth
        self._focus: dict[str, str] = {}
        self._introducing = False
        self._resting = False
        """Whether the pause came in the middle of a sentence."""
        self._lang = ""
        self._on = self._aloud = False
        if mouth:
            mouth.on_said = self.said
            mouth.set_volume(NORMAL_VOLUME / LOUDEST)
        controls.add("repeat", self.repeat_page)
        controls.add("pause", self.pause)
        kiosk.changed.connect(self.follow)
        self.follow()

    @property
    def focused(self) -> Stop | None:
        """Return the stop at which the keys are; None while a page is introduced."""
        if not self._kiosk.session.keys:
            return None
        return self.reading.stop(self._focus.get(self.reading.page, ""))

    @property
    def text(self) -> str:
        """Return what is being said, to be read on the screen."""
        return written(self.saying, Words(self._lang)) if self._on else ""

    @Slot()
    def follow(self) -> None:
        """Read what has appeared on the screen, or has changed on it."""
        before, kiosk = self.reading, self._kiosk
        session = kiosk.session
        began = session.keys and (not self._on or (session.spoken and not self._aloud))
        lang, other_language = self._lang, session.lang != self._lang
        self.reading = reading_of(session, self._circumstances())
        self._lang = session.lang
        ended = self._on and not session.keys
        self._aloud = session.spoken
        if ended:
            self._end(lang)
        elif not session.keys:
            pass
        elif began or other_language or self.reading.page != before.page:
            self._on = True
            self._arrive(before.page, fresh=began or other_language)
        elif self.reading.news != before.news and self.reading.news:
            introducing = self._introducing or self.reading.again
            intro = self.reading.intro if introducing else ()
            self._say(sentences(self.reading.news, intro), introducing=introducing)
        if began or ended or self.reading != before:
            self.changed.emit()

    def press(self, key: Key) -> None:
        """Do what a key means now."""
        kiosk = self._kiosk
        if not kiosk.session.keys:
            kiosk.listen()
            return
        if kiosk.session.left_s is not None:
            kiosk.more_time()
            return
        kiosk.somebody_touches()
        if self.paused:
            self._go_on()
        elif key in (Key.NEXT, Key.BACK):
            self.move(1 if key is Key.NEXT else -1)
        elif key in (Key.UP, Key.DOWN):
            self._set_volume(self.volume + (1 if key is Key.UP else -1))
        else:
            self.choose()

    def hold(self) -> None:
        """Rest, or go on: the round key is held."""
        if self.paused or not self._kiosk.session.keys:
            self.press(Key.CHOOSE)
            return
        self._kiosk.somebody_touches()
        self.paused = self._resting = True
        self._kiosk.speaking = False
        if self._mouth:
            self._mouth.pause()
        self.changed.emit()

    def move(self, steps: int) -> None:
        """Go to a stop so many further, around the end; from the introduction to the first."""
        stops = self.reading.stops
        if not stops:
            return
        here = self.focused
        at = stops.index(here) if here else (-1 if steps > 0 else 0)
        self.go_to(stops[(at + steps) % len(stops)])

    def first(self) -> None:
        """Go to the first stop."""
        if self.reading.stops:
            self.go_to(self.reading.stops[0])

    def last(self) -> None:
        """Go to the last stop."""
        if self.reading.stops:
            self.go_to(self.reading.stops[-1])

    def go_to(self, stop: Stop) -> None:
        """Go to a stop and read it."""
        self._focus[self.reading.page] = stop.id
        self._say(stop.says)
        self.changed.emit()

    def choose(self) -> None:
        """Do what the stop says; read it again when it has changed, or when it is only read."""
        stop, page, said = self.focused, self.reading.page, self.saying
        if stop is None:
            self.first()
            return
        if not stop.control:
            self._say(stop.says)
            return
        self._controls.act(stop.control, stop.value)
        now = self.focused
        same = self.reading.page == page and self.saying == said and not self.paused
        if same and now and now.id == stop.id and now.says != stop.says:
            self._say(now.says)

    def repeat_page(self) -> None:
        """Read the whole page again."""
        self._say(sentences(self.reading.news, self.reading.intro), introducing=True)

    def pause(self) -> None:
        """Say that it rests, until any key is pressed."""
        self._say((Phrase.PAUSED,))
        self.paused = True
        self.changed.emit()

    def interrupt(self) -> None:
        """Say no more of this: the screen was touched."""
        if self._mouth and self._on and not self.paused:
            self._mouth.cut()
            self._introducing = False
            self.said()

    @Slot()
    def said(self) -> None:
        """Note that everything was said; after an introduction the first stop follows."""
        self._kiosk.speaking = False
        if self._introducing:
            self._introducing = False
            if self._on and self.reading.stops and self.focused is None:
                self.first()
        self.changed.emit()

    def _arrive(self, from_page: str, *, fresh: bool) -> None:
        """Introduce a page; who returns from a question hears only where they were."""
        page = self.reading.page
        returns = from_page == "countdown" or from_page.startswith(page + _OVERLAY)
        here = self.focused
        if here and returns and not fresh:
            self._say(here.says)
            return
        beneath = (
            kept for kept in self._focus if page == "countdown" or page.startswith(kept + _OVERLAY)
        )
        self._focus = {kept: self._focus[kept] for kept in beneath}
        self._say(sentences(self.reading.news, self.reading.intro), introducing=True)

    def _say(self, spoken: Spoken, *, introducing: bool = False) -> None:
        self.saying, self._introducing = spoken, introducing
        self.paused = self._resting = False
        if self._mouth and self._kiosk.session.spoken and spoken:
            self._kiosk.speaking = True
            self._mouth.say(spoken, self._lang)
            self.changed.emit()
        else:
            self.said()

    def _set_volume(self, volume: int) -> None:
        """Take another volume and let it be heard on what was said last."""
        self.volume = max(1, min(LOUDEST, volume))
        if self._mouth:
            self._mouth.set_volume(self.volume / LOUDEST)
        here = self.focused
        again = here.says if here else sentences(self.reading.news, self.reading.intro)
        spoken = sentences((Phrase.VOLUME, Number(self.volume)), again)
        self._say(spoken, introducing=self._introducing)

    def _go_on(self) -> None:
        if not self._resting:
            self.repeat_page()
            return
        self.paused = self._resting = False
        if self._mouth:
            self._kiosk.speaking = True
            self._mouth.resume()
        self.changed.emit()

    def _end(self, lang: str) -> None:
        """Leave nothing of this person's to the next; they hear so in their own language."""
        self._on = self._introducing = self.paused = self._resting = False
        self._focus, self.saying, self.volume = {}, (), NORMAL_VOLUME
        self._kiosk.speaking = False
        if self._mouth:
            self._mouth.set_volume(NORMAL_VOLUME / LOUDEST)
            if self._kiosk.can_speak:
                self._mouth.say((Phrase.SPEECH_ENDED,), lang)

    def _circumstances(self) -> Circumstances:
        kiosk = self._kiosk
        return Circumstances(
            known=kiosk.listener.snapshot,
            offer=kiosk.offer,
            printer=kiosk.printing.state,
            rules=kiosk.rules,
            now=kiosk.stage.now(),
        )
