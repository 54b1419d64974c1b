"""A language that this test makes, catalogue and voice, from the settings to the loudspeaker."""

import math
import random
from array import array
from contextlib import ExitStack
from dataclasses import dataclass
from dataclasses import replace as changed
from pathlib import Path

import msgspec
import pytest
import tomli_w
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from msgspec.structs import replace

from bus.broker import free_port, mosquitto_program
from bus.codec import decode
from bus.commands import CallNext, OpenCounter
from bus.mqtt import Account, MqttBus
from bus.orders import Acknowledgement
from bus.topics import Topics
from bus.vocabulary import AckOutcome
from config import load_centre
from config.write import to_toml
from hall.words import CATALOGUES, SITE_VARIABLE
from hardware.speaker import SAMPLE_RATE, Sound, read_wav, write_wav
from kiosk.kept_procedures import fetch_from
from paper import Ticket, encode_ticket
from tests.e2e.booth import DAY, Booth, Centre
from tests.e2e.desk import Desk, public_page, stream_until
from voice.archive import write_archive
from voice.inspection import needed_texts
from voice.numbers import Numbers
from voice.pack import BUILT_IN, PACK_FILE, PackSettings, Templates, load_pack, read_settings

CODE, NAME = "xx", "Xéo"
COUNTER = 2
DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")

pytestmark = [
    pytest.mark.full,
    pytest.mark.skipif(mosquitto_program() is None, reason="mosquitto is not installed"),
]


@pytest.fixture
def catalogue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Translate every text: the Vietnamese one after "xx"; return the language."""
    folder = tmp_path / "catalogues"
    folder.mkdir()
    with (CATALOGUES / "en.po").open("rb") as file:
        english = read_po(file, locale="en")
    made = Catalog(locale="en")
    for message in english:
        ids = message.id
        if ids:
            texts = f"{CODE} {ids}" if isinstance(ids, str) else tuple(f"{CODE} {x}" for x in ids)
            made.add(ids, texts, context=message.context)
    with (folder / f"{CODE}.mo").open("wb") as file:
        write_mo(file, made)
    monkeypatch.setenv(SITE_VARIABLE, str(folder))
    return CODE


@pytest.fixture
def voice(tmp_path: Path, catalogue: str) -> Path:
    """Record every text of the language, each with a noise of its own; return the pack."""
    directory = tmp_path / "voice-of-xx"
    directory.mkdir()
    digits = tuple(f"xx{digit}" for digit in range(10))
    call = ("xx number", "{number}", "|", "xx counter {counter}")
    model: PackSettings = msgspec.structs.replace(
        read_settings(BUILT_IN / "en"), id="xx-test", language=catalogue, voice="Cô Xéo", clips={},
        templates=Templates(call=call, recall=call, result=call, recall_result=call), render=None,
        numbers=Numbers(digits=digits, counting=tuple(f"xxc{count}" for count in range(100))),
    )  # fmt: skip
    files = {text: f"clip-{place}.wav" for place, text in enumerate(needed_texts(model))}
    for text, file in files.items():
        write_wav(directory / file, noise(text))
    settings = replace(model, clips=files)
    plain = {key: each for key, each in msgspec.to_builtins(settings).items() if each is not None}
    (directory / PACK_FILE).write_text(tomli_w.dumps(plain))
    return directory


def noise(text: str) -> Sound:
    rng = random.Random(text)
    values = (rng.randint(-8000, 8000) for _ in range(math.ceil(0.12 * SAMPLE_RATE)))
    return Sound(text, array("h", values).tobytes())


@dataclass(frozen=True)
class Hall:
    """The processes, the kiosk that is touched, and who is at the desk."""

    centre: Centre
    booth: Booth
    desk: Desk
    public: int


@pytest.fixture
def hall(centre: Centre, ending: ExitStack, catalogue: str) -> Hall:
    """Start broker, service, pages, two boards and the announcer, and the kiosk's own window."""
    assert catalogue
    staff, public = free_port(), free_port()
    box = centre.data / "box.toml"
    box.write_text(
        f'site = "nhi-chieu"\n[web]\nport = {staff}\nboard_host = "127.0.0.1"\n'
        f'board_port = {public}\n[announcer]\nspeaker = {{ driver = "simulated" }}\n'
    )
    built_in, url = load_centre(), "http://so.nhichieu.vn"
    identity = replace(built_in.identity, public_url=url, reached_url=url)
    site = centre.data / "site.toml"
    site.write_text(to_toml(replace(built_in, identity=identity)))
    centre.start("queue_service", "service", "--config", str(site))
    device = ("--device", str(box))
    centre.start("web", "web", *device)
    centre.start("display.board", "board-2", *device, "--board", "board-2")
    centre.start("display.announcer", "announcer-1", *device)
    return Hall(
        centre, Booth(centre, ending, fetch_from("127.0.0.1")), Desk(centre.data, staff), public
    )


def offer_the_language(hall: Hall, voice: Path) -> None:
    """Choose it on the page of the settings, and install its voice on that of the devices."""
    rows = {"identity.other_languages#": "2"}
    rows |= {"identity.other_languages[0].code": CODE, "identity.other_languages[0].name": NAME}
    assert 'name="identity.other_languages[0].code"' in hall.desk.page("/settings/centre")
    hall.desk.send("/settings/centre/draft", **rows)
    assert f"Máy lấy số có thêm ngôn ngữ {NAME}." in hall.desk.page("/settings/centre")
    assert "applied=2" in hall.desk.send("/settings/apply", tab="centre")
    archive = voice.with_suffix(".zip")
    write_archive(voice, archive)
    assert "done=voice" in hall.desk.upload("/devices/voices", archive.name, archive.read_bytes())
    fetched = hall.centre.data / "voice-packs" / "announcer" / CODE
    hall.centre.until(lambda: any(fetched.glob(f"*/{PACK_FILE}")))


def take_a_number(hall: Hall) -> tuple[str, Ticket]:
    """Choose the language at the kiosk, and a service; return the number and its paper."""
    booth, kiosk = hall.booth, hall.booth.kiosk
    booth.touch("language")
    hall.centre.until(lambda: kiosk.session.lang == "en")
    booth.touch("language")
    hall.centre.until(lambda: kiosk.session.lang == CODE)
    hall.centre.until(lambda: f"{CODE} Chữ to" in booth.texts())
    number = booth.take("CERT")
    return number, booth.papers[-1]


def call(hall: Hall, ending: ExitStack) -> None:
    """Call whoever is next at a counter, by the service."""
    desk = hall.centre.link(f"counter-{COUNTER}", "counter")
    desk.start()
    ending.callback(desk.stop)
    for command in (OpenCounter(counter=COUNTER), CallNext(counter=COUNTER)):
        reply = hall.centre.ask(desk, command)
        assert reply.ok, reply


def acknowledged(centre: Centre, ending: ExitStack) -> set[AckOutcome]:
    """Return a set that fills with what board and announcer say of calls."""
    outcomes: set[AckOutcome] = set()
    password = centre.broker.passwords["service"]
    account = Account("127.0.0.1", centre.broker.port, "proof", "service", password)
    bus = MqttBus(account, random.Random(1))
    bus.subscribe(
        Topics("nhi-chieu").every("ack"),
        lambda message: outcomes.add(decode(Acknowledgement, message.payload).outcome),
    )
    bus.start()
    ending.callback(bus.stop)
    centre.until(lambda: bus.connected)
    return outcomes


def clips_in(sound: Sound, *sentences: tuple[str, list[str]]) -> bool:
    """Return whether the clips of these packs' texts are heard in this order."""
    place = 0
    for pack, texts in sentences:
        clips = load_pack(Path(pack)).clips
        for text in texts:
            found = sound.samples.find(clips[text].samples, place)
            if found < 0:
                return False
            place = found + len(clips[text].samples)
    return True


def test_a_number_is_taken_printed_called_and_followed_in_it(
    hall: Hall, voice: Path, ending: ExitStack
) -> None:
    outcomes = acknowledged(hall.centre, ending)
    offer_the_language(hall, voice)
    number, paper = take_a_number(hall)

    assert (paper.number, paper.lang) == (number, CODE)
    printed = (hall.centre.data / "paper/kiosk-1" / DAY / f"{number}.bin").read_bytes()
    assert printed == encode_ticket(paper, 576)
    assert printed != encode_ticket(changed(paper, lang="vi"), 576)

    assert paper.qr
    page = public_page(hall.public, paper.qr.removeprefix("http://so.nhichieu.vn"))
    assert f'<html lang="{CODE}">' in page
    assert f"{CODE} Số của quý vị" in page
    assert 'lang="en">English</a>' in page

    call(hall, ending)
    hall.centre.until(lambda: {AckOutcome.SPOKEN, AckOutcome.SHOWN} <= outcomes)
    (file,) = sorted((hall.centre.data / "voice" / "announcer-1").glob("*-1.wav"))
    heard = read_wav(file)
    vietnamese = ["Xin mời công dân có số", *(DIGITS[int(digit)] for digit in number)]
    own = ["xx number", *(f"xx{digit}" for digit in number), "xx counter", f"xxc{COUNTER}"]
    assert clips_in(heard, (str(BUILT_IN / "vi"), vietnamese), (str(voice), own))
    assert not clips_in(heard, (str(BUILT_IN / "en"), ["Number"]))
    second = f"{CODE} Số {number}, mời đến quầy {COUNTER}"
    assert second in stream_until(hall.public, "/board/events?screen=tv-1", second)

    assert paper.qr
    live = f"/t/{paper.qr.partition('/t/')[2].replace('?', '/events?')}"
    assert f"{CODE} Mời quý vị đến quầy số" in stream_until(hall.public, live, f"{CODE} Mời")
