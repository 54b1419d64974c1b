"""What who helps does on today's page, and that no page and no audit tells for whom."""

from collections.abc import Callable
from http.client import HTTPResponse

import msgspec
import pytest

from bus.care import Care, Manner, Measure
from bus.codec import encode
from bus.commands import (
    AnswerHelp,
    AnyCommand,
    EndVisit,
    IssueTicket,
    PrepareVisit,
    Reply,
    decode_command,
)
from bus.memory import MemoryBus
from bus.port import Incoming
from bus.states import Fetching, ServicesState, StaffState, State, Visit
from bus.topics import Topics
from bus.vocabulary import EARLIEST, Language, TicketClass
from provisioning.accounts import Role
from provisioning.site_db import SiteDb

Get = Callable[..., tuple[HTTPResponse, str]]
Post = Callable[..., tuple[int, str]]
TOPICS = Topics("nhi-chieu")
CARE = Care(
    ticket_class=TicketClass.PRIORITY,
    lang=Language.ENGLISH,
    manner=Manner(large_paper=True, fetch=True, place="kiosk-1"),
)


@pytest.fixture
def heard(
    service_bus: MemoryBus,
    publish: Callable[[State], None],
    services: ServicesState,
    wait_for: Callable[[str, str], str],
) -> list[AnyCommand]:
    """Return what is asked of a service in whose hall somebody needs a hand."""
    heard: list[AnyCommand] = []

    def take(message: Incoming) -> None:
        command = decode_command(message.payload)
        heard.append(msgspec.structs.replace(command, id="", ts=EARLIEST, by=None))
        service_bus.publish(TOPICS.reply("web"), encode(Reply(id=command.id, ok=True)))

    service_bus.subscribe(TOPICS.command("web"), take)
    at = services.at
    calls = Visit(kiosk="kiosk-1", place="Máy lấy số", since=at)
    helped = Visit(kiosk="kiosk-2", since=at, answered_at=at, id="v", care=CARE)
    publish(msgspec.structs.replace(services, visits=(calls, helped)))
    fetching = Fetching(number="2005", counter=3, place="kiosk-2", at=at)
    publish(StaffState(epoch="E", rev=1, at=at, fetching=(fetching,)))
    wait_for("/", "Mời tận nơi")
    return heard


def test_one_press_does_it_and_the_audit_says_for_which_kiosk_alone(
    heard: list[AnyCommand], post: Post, site_db: SiteDb
) -> None:
    number = IssueTicket(
        service="CIVIL",
        ticket_class=TicketClass.PRIORITY,
        lang=Language.ENGLISH,
        print_on="kiosk-2",
        manner=msgspec.structs.replace(CARE.manner, place="kiosk-2"),
    )
    presses: dict[str, tuple[dict[str, str], AnyCommand]] = {
        "answer-help": ({"kiosk": "kiosk-1"}, AnswerHelp(place="Máy lấy số")),
        "prepare-visit": (
            {"kiosk": "kiosk-2", "scenario": "deaf"},
            PrepareVisit(kiosk="kiosk-2", scenario="deaf"),
        ),
        "prepare-visit?": (
            {"kiosk": "kiosk-1", "measures": "spoken_call"},
            PrepareVisit(kiosk="kiosk-1", measures=(Measure.SPOKEN_CALL,)),
        ),
        "take-for": ({"kiosk": "kiosk-2", "service": "CIVIL"}, number),
        "end-visit": ({"kiosk": "kiosk-2"}, EndVisit(kiosk="kiosk-2")),
    }
    for address, (fields, _) in presses.items():
        assert post(f"/today/{address}", once="1", **fields)[1].startswith("/?done=")
    assert heard == [command for _, command in presses.values()]
    rows = site_db.read("SELECT detail FROM audit WHERE account = 'manager'")
    assert [row[0] for row in rows] == ["kiosk-1", "kiosk-2", "kiosk-1", "kiosk-2", "kiosk-2"]
    everything = str([tuple(row) for row in site_db.read("SELECT * FROM audit")])
    assert "deaf" not in everything
    assert "spoken" not in everything


def test_the_page_says_who_comes_what_is_ready_and_whom_to_fetch(
    heard: list[AnyCommand], get: Get
) -> None:
    assert heard == []
    page = get("/")[1]
    assert "chưa ai nhận" in page
    assert "người của trung tâm đang đến" in page
    assert "Đã gửi, máy chưa nhận: diện ưu tiên, phiếu chữ lớn, mời tận nơi, tiếng Anh" in page
    assert "Mời tận nơi: số 2005 đến quầy 3" in page
    assert page.count('name="scenario" value="deaf"') == 2
    assert "Người không nghe được (mẫu)" in page
    assert page.count('name="measures" value="spoken_call"') == 1
    assert page.count('name="measures" value="priority large_paper spoken_call fetch"') == 1


def test_what_is_not_there_any_more_is_not_asked_for(heard: list[AnyCommand], post: Post) -> None:
    for address, fields, refused in (
        ("answer-help", {"kiosk": "kiosk-2"}, "conflict"),
        ("answer-help", {"kiosk": "kiosk-9"}, "conflict"),
        ("prepare-visit", {"kiosk": "kiosk-1", "scenario": "gone-since"}, "unknown"),
        ("prepare-visit", {"kiosk": "kiosk-1", "measures": "priority <b>"}, "invalid"),
        ("take-for", {"kiosk": "kiosk-1", "service": "<b>"}, "unknown"),
        ("end-visit", {}, "conflict"),
    ):
        assert post(f"/today/{address}", once="1", **fields) == (303, f"/?refused={refused}")
    fields = {"kiosk": "kiosk-1", "scenario": "deaf", "service": "CIVIL", "once": "1"}
    for address in ("answer-help", "prepare-visit", "take-for", "end-visit"):
        assert post(f"/today/{address}", Role.VIEWER, **fields)[0] == 403
        assert post(f"/today/{address}", csrf="forged", **fields)[0] == 403
    assert heard == []
