"""Which pack is in force on a box, while the server's come and go."""

import hashlib
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bus.health import VoicePackHint, VoicesHint
from voice.archive import write_archive
from voice.errors import FetchError
from voice.pack import BUILT_IN, read_settings
from voice.shelf import VoicePacks

MakePack = Callable[..., Path]
PORT = 8081


class Server:
    """Hands files out by their SHA-256, or what `instead` says."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.instead: bytes | None = None
        self.asked = 0

    def add(self, pack: Path) -> VoicePackHint:
        target = pack.with_suffix(".zip")
        settings = write_archive(pack, target)
        sha256 = hashlib.sha256(target.read_bytes()).hexdigest()
        self.files[sha256] = target.read_bytes()
        return VoicePackHint(lang=settings.language, sha256=sha256)

    def fetch(self, port: int, sha256: str) -> bytes:
        self.asked += 1
        assert port == PORT
        if self.instead is not None:
            return self.instead
        if sha256 not in self.files:
            raise FetchError("404")
        return self.files[sha256]


@pytest.fixture
def server() -> Server:
    return Server()


MakeBox = Callable[..., VoicePacks]


@pytest.fixture
def box(server: Server, tmp_path: Path) -> Iterator[MakeBox]:
    started: list[VoicePacks] = []

    def make(**own: str) -> VoicePacks:
        packs = VoicePacks(own, tmp_path / "box", server.fetch)
        packs.start()
        started.append(packs)
        return packs

    yield make
    for packs in started:
        packs.stop()


def until(true: Callable[[], object]) -> None:
    waiting = threading.Event()
    for _ in range(3000):
        if true():
            return
        waiting.wait(0.02)
    pytest.fail("it did not come about within a minute")


def hint(*packs: VoicePackHint) -> VoicesHint:
    return VoicesHint(port=PORT, packs=packs)


BUILT_IN_ID = read_settings(BUILT_IN / "vi").id


def test_an_installed_voice_is_taken_and_taken_back_without_a_restart(
    box: MakeBox, server: Server, make_pack: MakePack
) -> None:
    packs = box()
    assert packs["vi"].settings.id == BUILT_IN_ID
    packs.follow(hint(server.add(make_pack("lan"))))
    until(lambda: packs["vi"].settings.id == "lan")
    assert set(packs["vi"].clips) == {"một", "hai"}
    assert packs["en"].settings.language == "en"
    packs.follow(hint(server.add(make_pack("hoa"))))
    until(lambda: packs["vi"].settings.id == "hoa")
    packs.follow(hint())
    until(lambda: packs["vi"].settings.id == BUILT_IN_ID)


def test_a_box_keeps_its_voice_over_a_restart_without_the_server(
    box: MakeBox, server: Server, make_pack: MakePack
) -> None:
    first = box()
    first.follow(hint(server.add(make_pack("lan"))))
    until(lambda: first["vi"].settings.id == "lan")
    first.stop()
    server.files.clear()
    again = box()
    assert again["vi"].settings.id == "lan"
    again.follow(None)  # a server of a version that has no voices
    assert again["vi"].settings.id == "lan"
    assert server.asked == 1


def test_a_voice_that_is_another_than_was_installed_is_not_taken(
    box: MakeBox, server: Server, make_pack: MakePack, expected_warnings: list[str]
) -> None:
    expected_warnings.append("voice not taken")
    server.instead = b"somebody between"
    packs = box()
    packs.follow(hint(server.add(make_pack("lan"))))
    until(lambda: server.asked)
    packs.stop()
    assert packs["vi"].settings.id == BUILT_IN_ID


def test_a_box_goes_by_its_own_pack(box: MakeBox, server: Server, make_pack: MakePack) -> None:
    packs = box(vi=str(make_pack("own")))
    packs.follow(hint(server.add(make_pack("lan")), server.add(make_pack("joy", language="en"))))
    until(lambda: packs["en"].settings.id == "joy")
    assert packs["vi"].settings.id == "own"


def test_a_language_that_ships_with_no_voice_comes_and_goes(
    box: MakeBox, server: Server, make_pack: MakePack
) -> None:
    packs = box()
    numbers = read_settings(BUILT_IN / "en").spoken_numbers
    packs.follow(hint(server.add(make_pack("km", language="km", numbers=numbers))))
    until(lambda: "km" in packs)
    packs.follow(hint())
    until(lambda: "km" not in packs)


def test_a_fetched_pack_that_was_damaged_gives_way_to_the_built_in_one(
    box: MakeBox, server: Server, make_pack: MakePack, tmp_path: Path, expected_warnings: list[str]
) -> None:
    expected_warnings.append("fetched voice not usable")
    first = box()
    first.follow(hint(server.add(make_pack("lan"))))
    until(lambda: first["vi"].settings.id == "lan")
    first.stop()
    (found,) = (tmp_path / "box").glob("vi/*/pack.toml")
    found.write_text("id = ")
    assert box()["vi"].settings.id == BUILT_IN_ID
