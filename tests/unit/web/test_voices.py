"""The page "Thiết bị" installs a voice, hands it out, and goes back to the one that ships."""

import hashlib
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from bus.codec import decode
from bus.health import WebHealth, health_as
from bus.memory import MemoryBus
from bus.port import Incoming
from bus.states import DeviceStatus
from bus.topics import Topics
from provisioning.accounts import Role
from provisioning.site_db import SiteDb, open_site_db
from voice.archive import write_archive
from voice.errors import FetchError
from voice.shelf import Fetch, VoicePacks, fetch_from
from web.devices.voices import voices_site
from web.server import Server

MakePack = Callable[..., Path]
LogIn = Callable[..., str]
TOPICS = Topics("nhi-chieu")
Running = tuple[Server, threading.Thread]


@pytest.fixture
def page(server: Running, listener: socket.socket, log_in: LogIn) -> Callable[..., httpx.Response]:
    """Send the form with a file as somebody of a role, or another form of the page."""
    del server
    host, port = listener.getsockname()

    def send(
        path: str,
        content: bytes | None = None,
        role: Role = Role.ADMINISTRATOR,
        **fields: str,
    ) -> httpx.Response:
        with httpx.Client(base_url=f"http://{host}:{port}", timeout=60, trust_env=False) as client:
            cookie = {"Cookie": log_in(role)}
            token = client.get("/account", headers=cookie).text.split('name="_csrf" value="')[1]
            files = None if content is None else {"file": ("lan.zip", content)}
            data = {"_csrf": token.split('"')[0], **fields}
            return client.post(path, data=data, files=files, headers=cookie)

    return send


@pytest.fixture
def archive(make_pack: MakePack) -> bytes:
    pack = make_pack("lan", recorded="2026-11-27")
    write_archive(pack, pack.with_suffix(".zip"))
    return pack.with_suffix(".zip").read_bytes()


def test_a_voice_is_installed_fetched_by_a_box_and_taken_back(
    page: Callable[..., httpx.Response],
    archive: bytes,
    service_bus: MemoryBus,
    board_listener: socket.socket,
    site_db: SiteDb,
    wait_for: Callable[[str, str], str],
    tmp_path: Path,
) -> None:
    packs = VoicePacks({}, tmp_path / "box", fetch_from("127.0.0.1"))
    packs.start()

    ports: set[int] = set()

    def take(message: Incoming) -> None:
        status = decode(DeviceStatus, message.payload)
        packs.follow_server("web", status)
        voices = health_as(WebHealth, status.health).voices
        ports.update({voices.port} if voices else ())

    service_bus.subscribe(TOPICS.status("web"), take)
    try:
        answer = page("/devices/voices", archive)
        assert (answer.status_code, answer.headers["location"]) == (
            303,
            "/devices?done=voice#voices",
        )
        until(lambda: packs["vi"].settings.voice == "Chị Lan")
        text = wait_for("/devices", "Giọng của Chị Lan")
        assert "thu ngày 27/11/2026" in text
        assert "còn thiếu" in text
        assert page("/devices/voices/remove", voice_lang="vi").status_code == 303
        until(lambda: packs["vi"].settings.voice != "Chị Lan")
    finally:
        packs.stop()
    assert ports == {board_listener.getsockname()[1]}
    written = site_db.read("SELECT action, detail FROM audit ORDER BY serial")
    sha256 = hashlib.sha256(archive).hexdigest()
    assert [tuple(row) for row in written][-2:] == [
        ("voice_installed", f"vi Chị Lan {sha256[:12]}"),
        ("voice_removed", "vi"),
    ]


def until(true: Callable[[], object]) -> None:
    deadline = time.monotonic() + 60
    waiting = threading.Event()
    while not true():
        assert time.monotonic() < deadline
        waiting.wait(0.02)


def test_what_is_no_voice_is_refused_with_its_reason(
    page: Callable[..., httpx.Response], archive: bytes, tmp_path: Path
) -> None:
    for content in (b"", b"no zip", archive[:-100], archive.replace(b"clip-0", b"clip-9")):
        answer = page("/devices/voices", content)
        assert answer.headers["location"].startswith("/devices?unfit="), content[:20]
    assert not (tmp_path / "voices").exists()


def test_only_administrators_install(page: Callable[..., httpx.Response], archive: bytes) -> None:
    assert page("/devices/voices", archive, Role.MANAGER).status_code == 403
    assert page("/devices/voices/remove", role=Role.MANAGER, voice_lang="vi").status_code == 403


def test_strangers_get_installed_voices_by_their_hash_only(
    page: Callable[..., httpx.Response], archive: bytes, board_listener: socket.socket
) -> None:
    page("/devices/voices", archive)
    fetch, port = fetch_from("127.0.0.1"), board_listener.getsockname()[1]
    assert fetch(port, hashlib.sha256(archive).hexdigest()) == archive
    with pytest.raises(FetchError, match="404"):
        fetch(port, "0" * 64)
    with pytest.raises(FetchError, match="429"):
        fetch_often(fetch, port, hashlib.sha256(archive).hexdigest())


def fetch_often(fetch: Fetch, port: int, sha256: str) -> None:
    for _ in range(20):
        fetch(port, sha256)


def test_what_is_installed_outlasts_a_restart_and_damage_is_left_out(
    tmp_path: Path, archive: bytes, expected_warnings: list[str]
) -> None:
    db = open_site_db(tmp_path / "accounts.db")
    site = voices_site(tmp_path / "voices", db, 8081, time.monotonic)
    site.install(archive)
    again = voices_site(tmp_path / "voices", db, 8081, time.monotonic)
    assert again.hint() == site.hint()
    assert [one.lang for one in again.voices.values()] == ["vi"]
    expected_warnings.append("installed voice not usable")
    next((tmp_path / "voices").iterdir()).write_bytes(archive[:50])
    assert voices_site(tmp_path / "voices", db, 8081, time.monotonic).voices == {}
    assert voices_site(tmp_path / "voices", db, None, time.monotonic).hint() is None
    db.close()
