"""A number by five keys and by ear on a black screen, over the real service, called in the hall."""

import random
import time
from contextlib import ExitStack
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtQuick import QQuickWindow
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from bus.broker import mosquitto_program
from bus.commands import CalledTicket, CallNext, OpenCounter, result_of
from bus.vocabulary import SoundState
from config import load_centre
from config.settings import FiveKeys, SimulatedPrinter
from hall.citizen.phrases import Phrase, phrase_words
from hall.citizen.session import Page, Paper
from hall.words import Words
from hardware.printer import PrintStation, open_printer
from kiosk.app import Kiosk
from kiosk.assembly import Surroundings, after, assemble
from kiosk.maintenance import Box, Maintenance
from kiosk.screens import KioskScreens
from kiosk.speaking.mouth import HUSHED
from kiosk.speaking.reader import LOUDEST, NORMAL_VOLUME, Key, Mouth
from kiosk.speaking.running import HallCalls, codes_of, five_keys
from provisioning.maintenance_pin import MaintenancePin
from tests.e2e.booth import Centre
from tests.unit.kiosk.hearing import CHIME, Ear, Listener
from ui.application import Application
from ui.owner import QtOwner
from voice.pack import BUILT_IN, load_pack
from voice.site_clips import texts_of

pytestmark = [
    pytest.mark.full,
    pytest.mark.skipif(mosquitto_program() is None, reason="mosquitto is not installed"),
]

KEYS = {key: Qt.Key(code) for code, key in codes_of(FiveKeys()).items()}
CALLED = "Xin mời công dân có số"


class Within:
    """What a listener knows of the hall around the kiosk."""

    def __init__(self, kiosk: Kiosk, centre: Centre) -> None:
        self.kiosk = kiosk
        self.until = centre.until


class Pad:
    """A kiosk whose screen is black, with everything real behind it, and the keypad beside it."""

    def __init__(self, centre: Centre, ending: ExitStack, mouth: Mouth) -> None:
        gestures = iter(range(0, 1_000_000, 10))
        link = centre.link("kiosk-1", "kiosk", QtOwner(QGuiApplication.instance()).deliver)
        world = Surroundings(
            data=centre.data,
            monotonic=centre.clock.monotonic,
            real_monotonic=lambda: float(next(gestures)),
            after=after,
            rng=random.Random(1),
            speak=lambda _: None,
        )
        kiosk = assemble(link, world)
        ending.callback(delete, kiosk.stage)
        ending.callback(QGuiApplication.processEvents)  # what was on its way finds it there
        printer = open_printer(SimulatedPrinter(), centre.data, "kiosk-1")
        station = PrintStation([printer], kiosk.printing.tell_health, now=centre.clock.now)
        kiosk.printing.use(station)
        maintenance = Maintenance(
            kiosk,
            link,
            Box(pin=MaintenancePin(centre.data / "kiosk", time.monotonic)),
            time.monotonic,
        )
        self.screens = KioskScreens(kiosk, maintenance, link.now, centre.clock.real_s, mouth)
        HallCalls(kiosk, link, mouth)
        application = Application("kiosk", {})
        self.window = application.load("kiosk", "Kiosk", **self.screens.properties())
        ending.callback(application.close)
        five_keys(self.window, self.screens, codes_of(FiveKeys()), centre.clock.monotonic)
        self.window.resize(540, 960)
        self.window.show()
        station.start()
        ending.callback(station.stop)
        link.start()
        ending.callback(link.stop)
        self.screens.start()
        ending.callback(self.screens.stop)
        self.hall = Within(kiosk, centre)
        centre.until(lambda: kiosk.listener.snapshot.service_up and self.window.isExposed())
        centre.until(lambda: bool(kiosk.offer.tiles))

    def key(self, key: Key) -> None:
        QTest.keyClick(self.window, KEYS[key])


def is_black(window: QQuickWindow) -> bool:
    grey = window.grabWindow().convertToFormat(QImage.Format.Format_Grayscale8)
    return not any(bytes(grey.constBits()))


def word(phrase: Phrase) -> str:
    return phrase_words(phrase, Words("vi"))


def test_who_hears_alone_takes_a_number_and_is_called(
    qapp: QGuiApplication, qtbot: QtBot, tmp_path: Path
) -> None:
    assert qapp
    packs = {lang: load_pack(BUILT_IN / lang) for lang in ("vi", "en")}
    texts = texts_of(load_centre())
    box = tmp_path / "announcer.toml"
    box.write_text('[announcer.speaker]\ndriver = "simulated"\n')
    with ExitStack() as ending:
        centre = Centre(tmp_path, qtbot, ending)
        centre.start("queue_service", "service")
        centre.start("display.announcer", "announcer-1", "--device", str(box))
        person = Listener(tmp_path / "headset", packs, Ear(packs, texts))
        person.shown = pad = Pad(centre, ending, person.mouth)
        ending.callback(person.stop)
        kiosk = pad.hall.kiosk
        kiosk.speech_is(SoundState.OK)
        person.mouth.start()

        assert person.press(Key.CHOOSE)[0] == word(Phrase.WELCOME)
        person.seek(word(Phrase.CURTAIN), key=Key.BACK)
        person.press(Key.CHOOSE)
        assert is_black(pad.window)
        person.seek("Hộ tịch")
        heard = person.press(Key.CHOOSE)
        centre.until(lambda: kiosk.session.page is Page.TICKET)
        centre.until(lambda: paper_of(kiosk) is Paper.PRINTED)
        heard += person.listen()
        digits = ["hai", "không", "không", "một"]
        number = [word(Phrase.YOUR_NUMBER), *digits, word(Phrase.AGAIN), *digits]
        at = heard.index(number[0])
        assert heard[at : at + len(number)] == number
        assert heard[at + len(number) :][:3] == [
            "Hộ tịch", word(Phrase.NOBODY_WAITING), word(Phrase.NOT_OPEN),
        ]  # fmt: skip
        assert word(Phrase.TAKE_PAPER) in heard[:at]
        assert centre.papers() == ["2001"]
        assert is_black(pad.window)

        desk = centre.link("counter-2", "counter")
        desk.start()
        ending.callback(desk.stop)
        assert centre.ask(desk, OpenCounter(counter=2)).ok
        called = centre.ask(desk, CallNext(counter=2))
        assert result_of(called, CalledTicket).number == "2001"
        person.ear = Ear(packs, texts, volume=NORMAL_VOLUME / LOUDEST * HUSHED)
        centre.until(lambda: kiosk.listener.snapshot.service_up and is_hushed(person))
        assert person.seek(word(Phrase.YOUR_NUMBER)) == number, "low, while the hall is called"

        loud = Ear(packs, volume=1.0)
        sounds = centre.data / "voice/announcer-1"
        centre.until(lambda: any(sounds.glob("*2001*.wav")))
        [first, *_] = sorted(sounds.glob("*2001*.wav"))
        assert loud.hear(first)[:6] == [CHIME, CALLED, *digits]
        assert loud.hear(first)[6:] == ["đến quầy số hai"]


def paper_of(kiosk: Kiosk) -> Paper | None:
    shown = kiosk.session.ticket
    return shown.paper if shown else None


def is_hushed(person: Listener) -> bool:
    hushed: bool = person.mouth._hushed
    return hushed
