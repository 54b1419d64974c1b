"""The web process beside a real broker and store: news, lost links, its end, bad starts."""

import csv
import io
import json
import signal
import statistics
import subprocess
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from http.client import HTTPResponse

import pytest

from bus.broker import PrivateBroker, mosquitto_program

pytestmark = [
    pytest.mark.engine,
    pytest.mark.skipif(mosquitto_program() is None, reason="mosquitto is not installed"),
]

Start = Callable[..., subprocess.Popen[str]]
Open = Callable[[str], AbstractContextManager[HTTPResponse]]
WaitForEvent = Callable[..., str]
Show = Callable[..., None]


def test_hall_log_csv_and_health(show: Show, wait_for_event: WaitForEvent, open_page: Open) -> None:
    event = wait_for_event("Hệ thống bộ, ngành: gián đoạn từ 08:10", "Mất kết nối", "Loa 1")
    for shown in ('<strong class="num">74</strong>', '<strong class="num">17</strong>'):
        assert shown in event
    for strip in ("chưa quầy nào mở: Đất đai", "quầy 9 đã nhận, đang đến", "Đã hoạt động lại"):
        assert strip in event
    show("Hệ thống của thành phố")
    wait_for_event("Hệ thống của thành phố: gián đoạn từ 08:10")
    with open_page("/today.csv") as response:
        rows = list(csv.DictReader(io.StringIO(response.read().decode("utf-8-sig"))))
    assert len(rows) == 74
    assert len({row["Số"] for row in rows}) == 74
    with open_page("/healthz") as response:
        assert response.status == 200
        assert set(json.load(response).values()) == {"ok"}


def test_news_is_at_most_a_second_behind_the_hall(
    show: Show, wait_for_event: WaitForEvent, open_page: Open
) -> None:
    wait_for_event("Hệ thống bộ, ngành: gián đoạn từ 08:10", "Loa 1")
    took_s = []
    with open_page("/events") as stream:
        for number in range(7):
            system = f"Hệ thống số {number}"
            began_s = time.monotonic()
            show(system)
            while system.encode() not in stream.readline():
                assert time.monotonic() - began_s < 60
            took_s.append(time.monotonic() - began_s)
    assert statistics.median(took_s) <= 1.0, took_s


@pytest.mark.full
@pytest.mark.usefixtures("hall")
def test_page_comes_back_after_the_broker(
    broker: PrivateBroker,
    wait_for_event: WaitForEvent,
    open_page: Open,
    expected_warnings: list[str],
) -> None:
    expected_warnings.append("broker link lost client=service-test")
    wait_for_event("08:24", "Loa 1", "1016")
    broker.stop()
    lost = wait_for_event("Mất liên lạc với sảnh")
    assert "1016" in lost, "the last state is kept"
    with open_page("/healthz") as response:
        assert response.status == 503
        assert json.load(response)["broker"] == "away"
    broker.start()
    back = wait_for_event('<div class="strip warn">', "1016", '<li class="ok"><span>Loa 1')
    assert "Mất liên lạc" not in back


@pytest.mark.full
def test_ends_in_good_order_while_someone_listens(
    web: subprocess.Popen[str], open_page: Open
) -> None:
    with open_page("/events") as stream:
        assert stream.readline().startswith(b"event:")
        web.send_signal(signal.SIGTERM)
        assert b"event:" not in stream.read()
    assert web.wait(30) == 0


def test_says_why_it_cannot_start(start_web: Start, web_url: str) -> None:
    port = web_url.rsplit(":", 1)[1]
    taken = start_web("--port", port)
    _, said = taken.communicate(timeout=60)
    assert taken.returncode == 2
    assert said.strip() == (
        f"cannot listen on 127.0.0.1:{port}: Address already in use; choose another --port"
    )
