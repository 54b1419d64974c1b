"""Numbers by five keys and by ear on a black screen, over the real service, called in the hall."""

import random
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from bus.broker import mosquitto_program
from bus.commands import CalledTicket, CallNext, OpenCounter, result_of
from bus.vocabulary import SoundState
from config import load_centre
from config.settings import FiveKeys, SimulatedPrinter
from hall.citizen.phrases import Phrase
from hall.citizen.session import Page, Paper
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
from tests.unit.kiosk.hearing import (
    CHIME,
    Ear,
    Listener,
    begins,
    clips_of,
    draw_the_curtain,
    follows,
    is_black,
    name_of,
)
from ui.application import Application
from ui.owner import QtOwner
from voice.pack import BUILT_IN, Pack, load_pack
from voice.site_clips import texts_of

pytestmark = [
    pytest.mark.full,
    pytest.mark.skipif(mosquitto_program() is None, reason="mosquitto is not installed"),
]

KEYS = {key: Qt.Key(code) for code, key in codes_of(FiveKeys()).items()}
LANGUAGES = ("vi", "en")
DIGITS = {
    "vi": ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"],
    "en": ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"],
}
CALLS = {
    "vi": ("Xin mời công dân có số", "đến quầy số", "nhận kết quả"),
    "en": ("Number", "please proceed to counter", "to collect your result"),
}
AT_COUNTER = {
    "CERT": 2, "CIVIL": 3, "SOC": 4, "ECON": 5, "LAND": 6, "TAX": 7, "SI": 8, "PICK": 1, "HELP": 9,
}  # fmt: skip
"""Where each service is called when one ticket of each waits and the counters open in this order:
counter 2 takes what came first, and counter 1 what is left of its two services."""


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


@pytest.fixture
def centre(qapp: QGuiApplication, qtbot: QtBot, tmp_path: Path) -> Iterator[Centre]:
    """A centre with its service and a loudspeaker, in processes of their own."""
    assert qapp
    box = tmp_path / "announcer.toml"
    box.write_text('[announcer.speaker]\ndriver = "simulated"\n')
    with ExitStack() as ending:
        centre = Centre(tmp_path, qtbot, ending)
        centre.start("queue_service", "service")
        centre.start("display.announcer", "announcer-1", "--device", str(box))
        yield centre


@pytest.fixture(scope="module")
def packs() -> dict[str, Pack]:
    return {lang: load_pack(BUILT_IN / lang) for lang in LANGUAGES}


@pytest.fixture
def ear(packs: dict[str, Pack]) -> Ear:
    return Ear(packs, texts_of(load_centre()))


@pytest.fixture
def person(centre: Centre, packs: dict[str, Pack], ear: Ear, tmp_path: Path) -> Iterator[Listener]:
    """Who sees nothing and stands at the kiosk with a headset on."""
    with ExitStack() as ending:
        person = Listener(tmp_path / "headset", packs, ear)
        person.shown = pad = Pad(centre, ending, person.mouth)
        ending.callback(person.stop)
        pad.hall.kiosk.speech_is(SoundState.OK)
        person.mouth.start()
        yield person


def test_a_number_is_said_lower_while_the_hall_is_called(
    centre: Centre, packs: dict[str, Pack], person: Listener
) -> None:
    begins(person, "vi")
    draw_the_curtain(person, "vi")
    number = takes_a_number(person, centre, "CIVIL", "vi")
    assert calls(centre, "CIVIL") == number == "2001"
    kiosk = person.shown.hall.kiosk
    person.ear = Ear(packs, texts_of(load_centre()), volume=NORMAL_VOLUME / LOUDEST * HUSHED)
    centre.until(lambda: kiosk.listener.snapshot.service_up and is_hushed(person))
    word = clips_of("vi")
    said = digits("vi", number)
    heard = person.seek(word(Phrase.YOUR_NUMBER))
    assert heard == [word(Phrase.YOUR_NUMBER), *said, word(Phrase.AGAIN), *said]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_who_hears_alone_takes_a_number_of_every_service_and_is_called(
    centre: Centre, packs: dict[str, Pack], person: Listener, lang: str
) -> None:
    assert list(AT_COUNTER) == [service.code for service in load_centre().services]
    numbers = {}
    for service in AT_COUNTER:
        begins(person, lang)
        draw_the_curtain(person, lang)
        numbers[service] = takes_a_number(person, centre, service, lang)
        person.seek(clips_of(lang)(Phrase.FINISH))
        person.shown.key(Key.CHOOSE)
        assert person.hears()[-1] == clips_of(lang)(Phrase.SPEECH_ENDED)
        assert not is_black(person.shown.window.grabWindow()), "the next one sees"
    assert centre.papers() == sorted(numbers.values())
    loud = Ear(packs, volume=1.0)
    for service, number in numbers.items():
        assert calls(centre, service) == number
        heard = [clip for clip in loud.hear(sound_of(centre, number)) if clip != CHIME]
        languages = dict.fromkeys(("vi", lang))
        assert heard == [clip for each in languages for clip in call(each, service, number)]


def takes_a_number(person: Listener, centre: Centre, service: str, lang: str) -> str:
    """Find a service behind the curtain, hear its whole ticket; return the number."""
    kiosk, word = person.shown.hall.kiosk, clips_of(lang)
    name = name_of(load_centre(), service, lang)
    person.seek(word(Phrase.GUIDANCE) if service == "HELP" else name)
    heard = person.press(Key.CHOOSE)
    centre.until(lambda: kiosk.session.page is Page.TICKET)
    centre.until(lambda: paper_of(kiosk) is Paper.PRINTED)
    heard += person.listen()
    number: str = kiosk.session.ticket.number
    said = digits(lang, number)
    wanted = [
        word(Phrase.YOUR_NUMBER), *said, word(Phrase.AGAIN), *said,
        name, word(Phrase.NOBODY_WAITING), word(Phrase.NOT_OPEN), word(Phrase.WILL_BE_CALLED),
        *(line(lang) for line in load_centre().wording.ticket_footer),
    ]  # fmt: skip
    assert follows(heard, wanted), (heard, wanted)
    assert heard.index(word(Phrase.TAKE_PAPER)) < heard.index(word(Phrase.YOUR_NUMBER))
    assert is_black(person.shown.window.grabWindow())
    return number


def calls(centre: Centre, service: str) -> str:
    """Open the counter of a service and call; return the number that the service chose."""
    counter = AT_COUNTER[service]
    desk = centre.link(f"counter-{counter}", "counter")
    desk.start()
    try:
        assert centre.ask(desk, OpenCounter(counter=counter)).ok
        return result_of(centre.ask(desk, CallNext(counter=counter)), CalledTicket).number
    finally:
        desk.stop()


def sound_of(centre: Centre, number: str) -> Path:
    """Return what the loudspeaker played for a number, once it has."""
    sounds = centre.data / "voice/announcer-1"
    centre.until(lambda: any(sounds.glob(f"*-{number}-*.wav")))
    [sound] = sounds.glob(f"*-{number}-*.wav")
    return sound


def call(lang: str, service: str, number: str) -> list[str]:
    """Return the clips of a call in one language."""
    invites, to_counter, to_collect = CALLS[lang]
    counter = digits(lang, str(AT_COUNTER[service]))
    return [
        invites, *digits(lang, number), f"{to_counter} {counter[0]}",
        *([to_collect] if service == "PICK" else ()),
    ]  # fmt: skip


def digits(lang: str, number: str) -> list[str]:
    return [DIGITS[lang][int(digit)] for digit in number]


def paper_of(kiosk: Kiosk) -> Paper | None:
    shown = kiosk.session.ticket
    return shown.paper if shown else None


def is_hushed(person: Listener) -> bool:
    hushed: bool = person.mouth._hushed
    return hushed
