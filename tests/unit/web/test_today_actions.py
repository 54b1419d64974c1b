"""What managers do on today's page: once, in their own name, answered on the page."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from http.client import HTTPResponse
from pathlib import Path

import msgspec
import pytest

from bus.codec import encode
from bus.commands import (
    AnswerColleague,
    AnyCommand,
    ConfirmDay,
    EndOutage,
    Reply,
    ReportOutage,
    TellCounters,
    decode_command,
)
from bus.health import ServiceHealth
from bus.memory import MemoryBus
from bus.port import Incoming
from bus.states import (
    BoardState,
    DeviceStatus,
    Outage,
    ServicesState,
    StaffCall,
    StaffState,
    State,
)
from bus.topics import Topics
from bus.vocabulary import EARLIEST, Colleague, CopyState, Error, StoreState
from provisioning.accounts import Role
from provisioning.site_db import SiteDb
from wait_log.copies import accepted_without_copy

Get = Callable[..., tuple[HTTPResponse, str]]
Post = Callable[..., tuple[int, str]]
WaitFor = Callable[[str, str], str]
TOPICS = Topics("nhi-chieu")
SYSTEM = "Hệ thống bộ, ngành"
DAY = "2027-02-12"


class Service:
    """Answers commands as the queue's service does, when it is let."""

    def __init__(self, bus: MemoryBus) -> None:
        self.heard: list[AnyCommand] = []
        self.error: Error | None = None
        self.go_on = threading.Event()
        self.go_on.set()
        self._bus = bus
        bus.subscribe(TOPICS.command("web"), self._take)

    def _take(self, message: Incoming) -> None:
        command = decode_command(message.payload)
        self.heard.append(command)
        assert self.go_on.wait(30)
        reply = Reply(id=command.id, ok=self.error is None, error=self.error)
        self._bus.publish(TOPICS.reply("web"), encode(reply))


@pytest.fixture
def service(
    service_bus: MemoryBus,
    publish: Callable[[State], None],
    board: BoardState,
    services: ServicesState,
    wait_for: WaitFor,
) -> Iterator[Service]:
    """Return a service in whose hall a system is down and a day waits."""
    service = Service(service_bus)
    publish(msgspec.structs.replace(services, day_to_confirm=DAY))
    call = StaffCall(counter=5, whom=Colleague.GUARD, since=board.at)
    publish(StaffState(epoch="E", rev=1, at=board.at, calls=(call,)))
    publish(msgspec.structs.replace(board, outages=(Outage(system=SYSTEM, since=board.at),)))
    wait_for("/", "gián đoạn từ")
    yield service
    service.go_on.set()


@pytest.mark.parametrize(
    ("address", "fields", "command", "said"),
    [
        ("end-outage", {"system": SYSTEM}, EndOutage(system=SYSTEM), "hoạt động lại."),
        ("confirm-day", {"business_day": DAY}, ConfirmDay(business_day=DAY), "Đã mở ngày"),
        (
            "report-outage",
            {"system": "Hệ thống của thành phố"},
            ReportOutage(system="Hệ thống của thành phố"),
            "Đã ghi nhận gián đoạn",
        ),
        ("answer-colleague", {"calling": "5"}, AnswerColleague(calling=5), "quản lý đang đến."),
    ],
)
def test_a_manager_acts_in_their_own_name(
    service: Service,
    post: Post,
    get: Get,
    site_db: SiteDb,
    address: str,
    fields: dict[str, str],
    command: AnyCommand,
    said: str,
) -> None:
    status, back = post(f"/today/{address}", once="1", **fields)
    assert status == 303
    assert said in get(back)[1]
    (heard,) = service.heard
    assert heard.by == "manager"
    assert msgspec.structs.replace(heard, id="", ts=command.ts, by=None) == command
    (noted,) = site_db.read("SELECT account, action, detail FROM audit WHERE account = 'manager'")
    assert tuple(noted)[1:] == (address.replace("-", "_"), *fields.values())


def test_counters_are_told_something(service: Service, post: Post, get: Get) -> None:
    status, back = post("/today/tell-counters", once="1", text="  Họp \t lúc 11:30 ")
    assert (status, "Đã gửi tin nhắn" in get(back)[1]) == (303, True)
    post("/today/tell-counters", once="2", text="Mời sang quầy 3", counter="2")
    told = [msgspec.structs.replace(c, id="", ts=EARLIEST, by=None) for c in service.heard]
    assert told == [
        TellCounters(text="Họp lúc 11:30"),
        TellCounters(text="Mời sang quầy 3", counters=(2,)),
    ]


def test_another_text_of_the_same_form_is_another_message(service: Service, post: Post) -> None:
    for text in ("Họp lúc 11:30", "Họp lúc 11:30", "Họp lúc 14:00"):
        post("/today/tell-counters", once="1", text=text)
    assert [getattr(heard, "text", "") for heard in service.heard] == [
        "Họp lúc 11:30",
        "Họp lúc 14:00",
    ]


def test_a_form_that_is_sent_twice_is_one_command(
    service: Service, post: Post, log_in: Callable[..., str]
) -> None:
    log_in(Role.MANAGER)
    service.go_on.clear()
    with ThreadPoolExecutor(2) as both:
        sent = [both.submit(post, "/today/end-outage", once="x", system=SYSTEM) for _ in range(2)]
        while not service.heard:
            threading.Event().wait(0.01)
        service.go_on.set()
        assert {one.result(60) for one in sent} == {(303, "/?done=end_outage")}
    assert post("/today/end-outage", once="x", system=SYSTEM) == (303, "/?done=end_outage")
    assert len({command.id for command in service.heard}) == 1
    assert post("/today/end-outage", once="another time", system=SYSTEM)[0] == 303
    assert len(service.heard) == 2


def test_a_refusal_is_said_and_may_be_tried_again(service: Service, post: Post, get: Get) -> None:
    service.error = Error.CONFLICT
    status, back = post("/today/confirm-day", once="1", business_day=DAY)
    assert (status, back) == (303, "/?refused=conflict")
    assert "Đã có thay đổi từ nơi khác" in get(back)[1]
    service.error = None
    assert post("/today/confirm-day", once="1", business_day=DAY)[1] == "/?done=confirm_day"


@pytest.mark.parametrize(
    ("address", "fields", "refused"),
    [
        ("confirm-day", {"business_day": "2030-01-01"}, "conflict"),
        ("confirm-day", {}, "conflict"),
        ("end-outage", {"system": "một hệ thống khác"}, "conflict"),
        ("report-outage", {"system": "<script>alert(1)</script>"}, "unknown"),
        ("report-outage", {"system": "x" * 5000}, "unknown"),
        ("answer-colleague", {"calling": "4"}, "conflict"),
        ("answer-colleague", {"calling": "²"}, "conflict"),
        ("tell-counters", {"text": ""}, "invalid"),
        ("tell-counters", {"text": "x" * 121}, "invalid"),
        ("tell-counters", {"text": "Họp", "counter": "77"}, "invalid"),
    ],
)
def test_nobody_is_asked_about_what_is_not_there(
    service: Service, post: Post, address: str, fields: dict[str, str], refused: str
) -> None:
    assert post(f"/today/{address}", once="1", **fields) == (303, f"/?refused={refused}")
    assert service.heard == []


@pytest.mark.parametrize(
    "address",
    ["confirm-day", "end-outage", "report-outage", "answer-colleague", "tell-counters"],
)
def test_who_may_only_look_changes_nothing(service: Service, post: Post, address: str) -> None:
    fields = {"business_day": DAY, "system": SYSTEM, "once": "1", "by": "director"}
    assert post(f"/today/{address}", Role.VIEWER, **fields)[0] == 403
    assert post(f"/today/{address}", csrf="forged", **fields)[0] == 403
    assert service.heard == []


def test_a_viewer_sees_no_buttons_and_nobody_an_unknown_answer(
    service: Service, get: Get, log_in: Callable[..., str]
) -> None:
    text = get("/", Cookie=log_in(Role.VIEWER))[1]
    assert "gián đoạn từ" in text
    assert "/today/" not in text.replace("/static/today", "")
    text = get("/?done=%3Cb%3E&refused=%3Cscript%3Ealert(1)")[1]
    assert "Không thực hiện được thao tác này." in text
    assert "alert(1)" not in text
    assert service.heard == []


def test_a_forged_by_is_not_listened_to(service: Service, post: Post) -> None:
    post("/today/end-outage", once="1", system=SYSTEM, by="director")
    assert [command.by for command in service.heard] == ["manager"]


def test_a_manager_accepts_that_no_copy_keeps_the_store(
    service_bus: MemoryBus, post: Post, wait_for: WaitFor, site_db: SiteDb, tmp_path: Path
) -> None:
    def say(copy: CopyState | None) -> None:
        health = ServiceHealth(store=StoreState.FAILED if copy else StoreState.OK, copy=copy)
        status = DeviceStatus(
            online=True, kind="service", at=datetime(2026, 11, 23, 1, tzinfo=UTC), health=health
        )
        service_bus.publish(TOPICS.status("service"), encode(status), retain=True)

    assert post("/today/without-copy", copy="missing") == (303, "/?refused=conflict")
    say(CopyState.MISSING)
    wait_for("/", "Chấp nhận: không còn bản sao")
    assert accepted_without_copy(tmp_path) == ""
    assert post("/today/without-copy", copy="missing") == (303, "/?done=without_copy")
    assert accepted_without_copy(tmp_path) == "manager"
    (noted,) = site_db.read("SELECT account, action FROM audit WHERE account = 'manager'")
    assert tuple(noted) == ("manager", "without_copy")
    say(CopyState.WAIVED)
    wait_for("/", "Đang chạy không còn bản sao")
    say(None)
