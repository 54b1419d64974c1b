"""The procedures of a hall: from the settings to paper and phone, and to a kiosk left alone."""

import random
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from bus.broker import free_port, mosquitto_program
from bus.codec import encode
from bus.health import ProceduresHint, WebHealth
from bus.mqtt import Account, MqttBus
from bus.states import DeviceStatus
from bus.topics import Topics
from hall.citizen.browsing import ListPaper
from hall.citizen.session import Page
from hall.procedures import Document, Phrase, Procedure, publish
from hall.procedures.table import COLUMNS
from kiosk.kept_procedures import PATH, fetch_from
from tests.e2e.booth import DAY, Booth, Centre
from tests.e2e.desk import Desk, public_page
from web.export.csv_file import csv_file

pytestmark = [
    pytest.mark.full,
    pytest.mark.skipif(mosquitto_program() is None, reason="mosquitto is not installed"),
]

BIRTH = {
    "service": "CIVIL",
    "name": "Đăng ký khai sinh",
    "name_en": "Birth registration",
    "who": "Cha hoặc mẹ",
    "papers": "Tờ khai đăng ký khai sinh\nGiấy chứng sinh",
    "fee": "8.000 đồng",
    "fee_source": "Nghị quyết 12/2024/NQ-HĐND",
    "fee_date": "10/07/2024",
    "days": "Trong ngày",
}
COPY = {"service": "CERT", "name": "Chứng thực bản sao"}
MARRIAGE = {"service": "CIVIL", "name": "Đăng ký kết hôn"}
KEY = "civil-dang-ky-khai-sinh"
FORGED = publish(Document(procedures=(Procedure(key="x", service="CIVIL", name=Phrase("Giả")),)))


def table(*rows: dict[str, str]) -> bytes:
    cells = [[row.get(column.key, "") for column in COLUMNS] for row in rows]
    return csv_file([[column.label for column in COLUMNS], *cells])


def hang_out(desk: Desk, *rows: dict[str, str]) -> None:
    """Import a table on the page of the settings, and apply what it shows."""
    leads = desk.upload("/settings/procedures/upload", "thu-tuc.csv", table(*rows))
    assert "said=uploaded" in leads
    page = desk.page(leads)
    assert rows[-1]["name"] in page
    hidden = dict(re.findall(r'name="(present|draft)" value="([^"]+)"', page))
    assert "said=applied" in desk.send("/settings/procedures/apply", **hidden)


def names(booth: Booth) -> list[str]:
    return sorted(each.name.vi for each in booth.kiosk.listener.snapshot.procedures.procedures)


def go_to_birth(booth: Booth) -> None:
    booth.touch("procedures")
    booth.touch("field-CIVIL")
    booth.touch(f"procedure-{KEY}")
    booth.centre.until(lambda: "Giấy chứng sinh" in " ".join(booth.texts()))


@contextmanager
def another_server(port: int) -> Iterator[Callable[[], int]]:
    """Serve a forged document where the pages were; return how often it was asked for."""
    asked: list[str] = []

    class Pages(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.send_header("Content-Length", str(len(FORGED.body)))
            self.end_headers()
            self.wfile.write(FORGED.body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", port), Pages) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield lambda: asked.count(PATH)
        server.shutdown()
        thread.join(60)


@contextmanager
def pages_say(centre: Centre, sha256: str, port: int) -> Iterator[None]:
    """Tell kiosks of a document in the name of the pages, and at the end that they are gone."""
    password, broker = centre.broker.passwords["web"], centre.broker
    bus = MqttBus(Account(broker.host, broker.port, "proof", "web", password), random.Random(1))
    hint = ProceduresHint(sha256=sha256, port=port)
    bus.start()
    try:
        centre.until(lambda: bus.connected)
        for online in (True, False):
            status = DeviceStatus(
                online=online, kind="web", at=centre.clock.now(), health=WebHealth(procedures=hint)
            )
            bus.publish(Topics("nhi-chieu").status("web"), encode(status), retain=True)
            centre.until(lambda online=online: centre.online("web") is online)  # type: ignore[misc]
            if online:
                yield
    finally:
        bus.stop()


def box(centre: Centre) -> tuple[Path, int, int]:
    staff, public = free_port(), free_port()
    path = centre.data / "box.toml"
    path.write_text(
        f'site = "nhi-chieu"\n[web]\nport = {staff}\nboard_host = "127.0.0.1"\n'
        f"board_port = {public}\n"
    )
    return path, staff, public


def test_from_the_settings_to_paper_and_kept_without_the_pages(
    centre: Centre, expected_warnings: list[str]
) -> None:
    expected_warnings.append("procedures not fetched")
    device, staff, public = box(centre)
    centre.start("queue_service", "service")
    web = centre.start("web", "web", "--device", str(device))
    desk = Desk(centre.data, staff)
    with ExitStack() as first_day:
        booth = Booth(centre, first_day, fetch_from("127.0.0.1"))
        assert names(booth) == []
        hang_out(desk, BIRTH, COPY)
        centre.until(lambda: names(booth) == ["Chứng thực bản sao", "Đăng ký khai sinh"])

        go_to_birth(booth)
        booth.touch("printList")
        centre.until(lambda: booth.kiosk.session.browsing.paper is ListPaper.PRINTED)
        (paper,) = booth.papers
        assert (paper.service, paper.notice, paper.qr) == ("Đăng ký khai sinh", True, None)
        needed = next(part for part in paper.sections if part.heading == "Giấy tờ cần")
        assert any("Giấy chứng sinh" in line for line in needed.lines)
        assert any((centre.data / "paper/kiosk-1" / DAY).glob("list*.png"))
        assert centre.waiting() == 0

        booth.touch("takeHere")
        centre.until(lambda: booth.kiosk.session.page is Page.TICKET)
        centre.until(lambda: centre.waiting() == 1)
        centre.until(lambda: centre.papers()[0] == "2001")
        booth.touch("finish")

        assert "Đăng ký khai sinh" in public_page(public, "/thu-tuc?q=dang+ky+khai")
        page = public_page(public, f"/thu-tuc/{KEY}")
        assert "8.000 đồng" in page
        assert "Nghị quyết 12/2024/NQ-HĐND" in page

        web.kill()
        web.wait(60)
        centre.until(lambda: not centre.online("web"))
        centre.until(lambda: booth.kiosk.session.page is Page.HOME)
        go_to_birth(booth)

    with ExitStack() as second_day:
        booth = Booth(centre, second_day, fetch_from("127.0.0.1"))
        assert names(booth) == ["Chứng thực bản sao", "Đăng ký khai sinh"]
        with another_server(public) as asked, pages_say(centre, "0" * 64, public):
            centre.until(lambda: asked() > 0)
            go_to_birth(booth)
            assert "Giả" not in names(booth)
        centre.start("web", "web", "--device", str(device))
        hang_out(desk, BIRTH, MARRIAGE)
        centre.until(lambda: names(booth) == ["Đăng ký khai sinh", "Đăng ký kết hôn"])
