"""Pairing as it happens: staff's listener with TLS, real Mosquitto, `denluot join`, attackers."""

import socket
import ssl
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, Self

import pytest

from provisioning.authority import Authority
from provisioning.broker_settings import REVOKED_FILE
from provisioning.certificate import own_names
from provisioning.connections import COPIED_AFTER_S
from provisioning.errors import PairingError
from provisioning.pairing.client import RefusedByServerError, Secret, pair
from provisioning.pairing.codes import LETTERS, ScannedCode
from provisioning.pairing.messages import MOST_BYTES
from provisioning.pairing.offers import MOST_ATTEMPTS
from web.access import Role

WAIT_S = 60.0
REVOKED_WITHIN_S = 5.0
Site = Any
Until = Callable[[Callable[[], bool]], None]


def other_than(code: str) -> str:
    return code[:-1] + LETTERS[(LETTERS.index(code[-1]) + 1) % 32]


def secret(code: str) -> Secret:
    return Secret(code.replace("-", ""))


def test_a_box_joins_by_the_code_of_the_page_and_is_revoked_there(
    site: Site, wait_until: Until, expected_warnings: list[str]
) -> None:
    expected_warnings += ["broker link lost client=kiosk-1", "broker refused client=kiosk-1"]
    code = site.new_code("kiosk-1")
    status, said, wrong = site.join(code.lower())
    assert (status, wrong) == (0, "")
    assert "kiosk-1" in said
    page = site.page()
    assert code not in page
    assert "Đã ghép Máy mới với Máy lấy số 1" in page
    kiosk = site.box("kiosk-1")
    assert kiosk.get(timeout=WAIT_S) is True
    [box] = site.paired()
    assert site.press("/devices/boxes/revoke", box=box.id) == 303
    began = time.monotonic()
    assert kiosk.get(timeout=WAIT_S) is False
    assert time.monotonic() - began < REVOKED_WITHIN_S
    again = site.box("kiosk-1")
    wait_until(lambda: site.server.files.log.read_text().count("not authori") >= 1)
    assert again.empty()
    assert site.audited()[:3] == ["box_revoked", "box_paired", "pairing_begun"]


@pytest.mark.full
def test_a_box_that_moves_with_its_server_to_another_address_is_at_home_there(site: Site) -> None:
    assert site.join(site.new_code("board-1", "board-2", "announcer-1"))[0] == 0
    outer = [name for name in own_names() if name[0].isdigit() and not name.startswith("127.")]
    for device, host in zip(("board-1", "board-2"), ("localhost", *outer), strict=False):
        assert site.box(device, host=host).get(timeout=WAIT_S) is True


@pytest.mark.full
def test_a_scanned_code_finds_its_server_and_pins_the_certificate(site: Site) -> None:
    site.new_code("kiosk-1")
    offer = site.offers.newest
    assert offer
    scanned = ScannedCode("127.0.0.1", site.port, site.certificate(), offer.secret)
    other = replace(scanned, certificate="ab" * 32)
    status, _, wrong = site.join(str(other))
    assert (status, "another certificate" in wrong) == (1, True)
    assert offer.attempts == 0, "nothing was said to it"
    assert site.join(str(scanned).lower())[0] == 0
    assert site.box("kiosk-1").get(timeout=WAIT_S) is True


@pytest.mark.full
def test_a_broker_that_cannot_be_told_is_said_on_the_page(
    site: Site, expected_warnings: list[str]
) -> None:
    expected_warnings += ["the broker does not know yet", "boxes are not looked after"]
    box, _ = site.server.boxes.pair("Máy", ["kiosk-1"], by="chu-tich", address="")
    (site.server.files.folder / f".{REVOKED_FILE}.new").mkdir()  # in the way of the new file
    context = site.press_for("/devices/boxes/revoke", box=box)
    assert context == "/devices/boxes?done=untaken"
    assert site.server.boxes.barred() == {"kiosk-1"}


@pytest.mark.full
def test_only_administrators_have_machines_paired(site: Site) -> None:
    for role in (Role.MANAGER, Role.VIEWER, Role.OFFICER):
        assert site.ask("GET", "/devices/boxes", role=role)[0] == 403
        assert site.press("/devices/boxes", role, device="kiosk-1") == 403
        assert site.press("/devices/boxes/revoke", role, box="server") == 403
    assert site.ask("GET", "/devices/boxes")[0] == 303
    assert "/devices/boxes" not in site.ask("GET", "/devices", role=Role.MANAGER)[1]
    assert "/devices/boxes" in site.ask("GET", "/devices", role=Role.ADMINISTRATOR)[1]


@pytest.mark.full
def test_a_code_is_only_made_for_devices_of_the_configuration(site: Site) -> None:
    forms: tuple[dict[str, Any], ...] = (
        {},
        {"device": "kiosk-77"},
        {"device": "service"},
        {"device": "kiosk-1", "name": "x" * 61},
    )
    for fields in forms:
        assert site.press("/devices/boxes", **fields) == 422
    assert "pairing_begun" not in site.audited()
    site.press("/devices/boxes/revoke", box="server")
    assert "service" in site.server.boxes.digests()


@pytest.mark.full
def test_guessing_ends_after_five_attempts_and_is_written_down(
    site: Site, expected_warnings: list[str]
) -> None:
    expected_warnings.append("pairing code wrong")
    code = site.new_code("kiosk-1").replace("-", "")
    for _ in range(MOST_ATTEMPTS):
        with pytest.raises(RefusedByServerError) as refused:
            pair("127.0.0.1", site.port, Secret(other_than(code)), "thief")
        assert refused.value.why == "wrong"
    status, _, wrong = site.join(code)
    assert status == 1
    assert "không còn dùng được" in wrong
    assert "bị khóa sau 5 lần" in site.page()
    assert site.audited().count("pairing_refused") == MOST_ATTEMPTS
    assert site.paired() == []


@pytest.mark.full
def test_guesses_at_once_from_everywhere_are_no_more_than_five(
    site: Site, expected_warnings: list[str]
) -> None:
    expected_warnings.append("pairing code wrong")
    code = site.new_code("kiosk-1").replace("-", "")
    outcomes: list[str] = []

    def guess() -> None:
        try:
            pair("127.0.0.1", site.port, Secret(other_than(code)), "thief")
        except RefusedByServerError as refused:
            outcomes.append(refused.why)

    threads = [threading.Thread(target=guess) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(WAIT_S)
    assert len(outcomes) == 12
    assert outcomes.count("wrong") <= MOST_ATTEMPTS
    assert site.paired() == []


@pytest.mark.full
def test_a_code_that_was_used_pairs_no_second_box(site: Site) -> None:
    code = site.new_code("kiosk-1")
    assert site.join(code)[0] == 0
    before = site.server.boxes.digests()
    status, _, wrong = site.join(code, "another")
    assert (status, "không còn dùng được" in wrong) == (1, True)
    assert not (site.directory / "another").exists()
    assert site.server.boxes.digests() == before


class Between:
    """Ends TLS with a certificate of its own and passes on whatever both sides say."""

    def __init__(self, pem: Path, server_port: int) -> None:
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(pem)
        self._server_port = server_port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.heard = b""
        self.lose_answer_to = b""
        """A request whose first answer is lost on the way."""
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                plain, _ = self._listener.accept()
                threading.Thread(target=self._relay, args=(plain,), daemon=True).start()

    def _relay(self, plain: socket.socket) -> None:
        to_server = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        to_server.check_hostname, to_server.verify_mode = False, ssl.CERT_NONE
        with suppress(OSError), ExitStack() as ends:
            near = ends.enter_context(self._context.wrap_socket(plain, server_side=True))
            far = ends.enter_context(socket.create_connection(("127.0.0.1", self._server_port)))
            far = ends.enter_context(to_server.wrap_socket(far))
            while request := self._whole(near):
                self.heard += request
                far.sendall(request)
                answer = self._whole(far)
                self.heard += answer
                if self.lose_answer_to and self.lose_answer_to in request:
                    self.lose_answer_to = b""
                    return
                near.sendall(answer)

    @staticmethod
    def _whole(end: socket.socket) -> bytes:
        """Return one message of HTTP."""
        said = b""
        while b"\r\n\r\n" not in said:
            if not (more := end.recv(4096)):
                return b""
            said += more
        head, _, body = said.partition(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        while len(body) < length:
            body += end.recv(4096)
        return head + b"\r\n\r\n" + body


def test_a_man_in_the_middle_fails_like_a_wrong_code_and_learns_nothing(
    site: Site, tmp_path: Path, expected_warnings: list[str]
) -> None:
    expected_warnings.append("pairing code wrong")
    twin = Authority(tmp_path / "twin", "nhi-chieu", site.db.now())
    twin.renew_server(site.db.now(), ["localhost", "127.0.0.1"])
    code = site.new_code("kiosk-1")
    with Between(twin.server, site.port) as between:
        status, _, wrong = site.join(code, address=f"127.0.0.1:{between.port}")
        assert (status, "đứng giữa" in wrong) == (1, True)
        assert b"/pairing/finish" in between.heard
        assert code.replace("-", "").encode() not in between.heard
        assert site.paired() == []
        assert not (site.directory / "box").exists()
        heard = len(between.heard)
        scanned = str(ScannedCode("127.0.0.1", between.port, site.certificate(), "ab" * 16))
        status, _, wrong = site.join(scanned)
        assert (status, "another certificate" in wrong) == (1, True)
        assert len(between.heard) == heard, "the secret of the QR code is not even begun with"
    assert site.join(code)[0] == 0, "the code is still good for the box itself"


@pytest.mark.full
def test_a_link_that_drops_after_the_server_agreed_loses_no_pairing(site: Site) -> None:
    code = site.new_code("kiosk-1")
    with Between(site.server.authority.server, site.port) as between:
        between.lose_answer_to = b"/pairing/finish"
        grant = pair("127.0.0.1", between.port, secret(code), "kiosk")
        assert between.heard.count(b"POST /pairing/finish") == 2
        assert grant.password.encode() not in between.heard
    [box] = site.paired()
    assert site.server.boxes.has_password(box.id, grant.password)


@pytest.mark.full
def test_a_link_that_drops_before_leaves_the_code_good(site: Site) -> None:
    code = site.new_code("kiosk-1")
    with Between(site.server.authority.server, site.port) as between:
        between.lose_answer_to = b"/pairing/hello"
        with pytest.raises(PairingError, match="broke off"):
            pair("127.0.0.1", between.port, secret(code), "kiosk")
    assert site.join(code)[0] == 0


@pytest.mark.full
def test_what_nobody_of_us_says_is_refused_briefly(
    site: Site, expected_warnings: list[str]
) -> None:
    expected_warnings.append("pairing code wrong")
    site.new_code("kiosk-1")
    for body in (b"", b"{}", b"[]", b'{"element":"zz"}', b"\xff" * 100, b"[" * 2000):
        assert site.ask("POST", "/pairing/hello", body)[0] == 403
        assert site.ask("POST", "/pairing/finish", body)[0] == 403
    assert site.ask("POST", "/pairing/hello", b" " * (MOST_BYTES + 1))[0] == 413
    statuses = {site.ask("POST", "/pairing/hello", b"{}")[0] for _ in range(20)}
    assert 429 in statuses
    assert site.ask("GET", "/devices/boxes", role=Role.ADMINISTRATOR)[0] == 200


@pytest.mark.full
def test_two_boxes_with_one_identity_are_shown_on_the_page(site: Site, wait_until: Until) -> None:
    outer = next((n for n in own_names() if n[0].isdigit() and not n.startswith("127.")), None)
    if outer is None:
        pytest.skip("this machine has no address but the loopback's")
    assert site.join(site.new_code("kiosk-1"))[0] == 0
    for host in ("127.0.0.1", outer):
        assert site.box("kiosk-1", host=host).get(timeout=WAIT_S) is True
    log = site.server.files.log
    wait_until(lambda: log.read_text().count("u'kiosk-1'") == 2)
    wait_until(lambda: "Hai máy cùng một tài khoản" in _later(site).page())
    assert outer in site.page()
    assert "hai máy dùng cùng một tài khoản" in site.ask("GET", "/devices", role=Role.VIEWER)[1]
    site.boxes.pop().stop()
    [box] = site.paired()
    wait_until(lambda: site.press("/devices/boxes/checked", box=box.id) == 303 and _quiet(site))
    assert "box_copied" in site.audited()


@pytest.mark.full
def test_a_renewed_certificate_is_served_and_pairs_without_a_restart(
    site: Site, wait_until: Until
) -> None:
    before = ssl.get_server_certificate(("127.0.0.1", site.port))
    site.server.authority.server.unlink()
    wait_until(lambda: ssl.get_server_certificate(("127.0.0.1", _later(site, 60).port)) != before)
    assert site.join(site.new_code("kiosk-1"))[0] == 0


def test_without_a_sites_server_nobody_is_paired(get: Callable[..., tuple[object, str]]) -> None:
    page = get("/devices/boxes")[1]
    assert "denluot install" in page
    assert 'name="device"' not in page


def _later(site: Site, seconds: float = COPIED_AFTER_S) -> Site:
    site.moved_s[0] += seconds
    return site


def _quiet(site: Site) -> bool:
    return "Hai máy cùng một tài khoản" not in site.page()
