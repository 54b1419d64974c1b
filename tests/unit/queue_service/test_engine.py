import sqlite3
from datetime import date, timedelta
from types import SimpleNamespace

import msgspec
import pytest
from msgspec import to_builtins

from bus import codec, commands, vocabulary
from bus.vocabulary import TicketState
from config import centre_to_wire
from config.settings import Text
from queue_service.domain.events import CallUnannounced
from queue_service.domain.values import CounterNumber
from queue_service.verify import verify
from wait_log.dialects import STORE_FILE
from wait_log.errors import StoreError

UNAVAILABLE = vocabulary.Error.UNAVAILABLE


def numbers(desk: SimpleNamespace) -> list[str]:
    return [ticket.number for ticket in desk.state.tickets.values()]


def book(desk: SimpleNamespace, **fields: object) -> dict[str, object]:
    wanted = {
        "service": "CIVIL",
        "number": "2901",
        "business_day": "2026-11-23",
        "issued_at": desk.clock.now(),
    }
    return wanted | fields


def test_the_same_id_has_one_effect_and_one_answer(desk: SimpleNamespace) -> None:
    command = desk.make(commands.IssueTicket, service="CIVIL")
    first = desk.engine.handle("kiosk-1", codec.encode(command))
    later = msgspec.structs.replace(command, ts=desk.clock.now() + timedelta(seconds=2))
    assert desk.engine.handle("kiosk-1", codec.encode(later)) == first
    desk.restart()
    assert desk.engine.handle("kiosk-1", codec.encode(command)) == first
    assert numbers(desk) == ["2001"]


def test_the_same_id_with_another_body_is_a_conflict(desk: SimpleNamespace) -> None:
    command = desk.make(commands.IssueTicket, service="CIVIL")
    desk.send_again("kiosk-1", command)
    other = msgspec.structs.replace(command, service="CERT")
    assert desk.send_again("kiosk-1", other).error is vocabulary.Error.CONFLICT
    assert numbers(desk) == ["2001"]


def test_ids_belong_to_their_device(desk: SimpleNamespace) -> None:
    command = desk.make(commands.IssueTicket, service="CIVIL")
    assert desk.send_again("kiosk-1", command).ok
    assert desk.send_again("counter-3", command).ok
    assert numbers(desk) == ["2001", "2002"]


def test_a_revoked_box_is_refused_even_where_the_broker_let_it_in(desk: SimpleNamespace) -> None:
    command = desk.make(commands.IssueTicket, service="CIVIL")
    desk.revoked = frozenset({"kiosk-1"})
    assert desk.send_again("kiosk-1", command).error is vocabulary.Error.NOT_ALLOWED
    assert numbers(desk) == []
    assert desk.send_again("counter-3", command).ok
    desk.revoked = frozenset()  # another box has become the kiosk
    assert desk.send_again("kiosk-1", command).ok


def test_a_refusal_is_an_answer_too(desk: SimpleNamespace) -> None:
    command = desk.make(commands.CallNext, counter=3)
    first = desk.send_again("counter-3", command)
    assert first.error is vocabulary.Error.EMPTY
    desk.issue()
    assert desk.send_again("counter-3", command) == first


def test_a_refusal_takes_no_room_in_the_store(desk: SimpleNamespace) -> None:
    command = desk.make(commands.CallTicket, counter=3, number="2001")
    other = msgspec.structs.replace(command, number="2002")
    assert desk.send_again("counter-3", command).error is vocabulary.Error.UNKNOWN
    assert desk.send_again("counter-3", other).error is vocabulary.Error.CONFLICT
    assert desk.engine.ledger.store.answered("counter-3", command.id) is None
    desk.restart()
    desk.issue()
    assert desk.send_again("counter-3", command).ok


def test_empty_settles_the_current_ticket_all_the_same(desk: SimpleNamespace) -> None:
    ticket = desk.issue()
    desk.send("counter-3", commands.CallNext, counter=3)
    desk.clock.advance(30)
    reply = desk.send(
        "counter-3",
        commands.CallNext,
        counter=3,
        current=ticket,
        current_to=vocabulary.CurrentTo.FINISH,
    )
    assert (reply.ok, reply.error, reply.rev) == (False, vocabulary.Error.EMPTY, desk.state.seq)
    assert desk.state.ticket(ticket).state is TicketState.FINISHED
    desk.restart()
    assert desk.state.ticket(ticket).state is TicketState.FINISHED


def test_what_comes_too_late_has_no_effect(desk: SimpleNamespace) -> None:
    gone = desk.clock.now() - timedelta(milliseconds=1)
    reply = desk.send("kiosk-1", commands.IssueTicket, service="CIVIL", expires_at=gone)
    assert reply.error is vocabulary.Error.EXPIRED
    assert numbers(desk) == []


@pytest.mark.parametrize(
    ("payload", "where"),
    [
        (b'{"id":"x1","kind":"issue_ticket","ts":"2026-11-23T01:00:00Z"}', "service"),
        (b'{"id":"x1","kind":"no_such","ts":"2026-11-23T01:00:00Z"}', "kind"),
        (b'{"id":"x1","kind":"call_next","ts":"x","counter":3}', "ts"),
        (b'{"id":"x1","kind":"call_next","ts":"2026-11-23T01:00:00Z","counter":"3"}', "counter"),
    ],
)
def test_what_is_no_command_but_has_an_id_is_told_why(
    desk: SimpleNamespace, payload: bytes, where: str
) -> None:
    before = desk.state
    reply = codec.decode(commands.Reply, desk.engine.handle("kiosk-1", payload))
    assert (reply.id, reply.error) == ("x1", vocabulary.Error.INVALID)
    assert reply.message is not None
    assert where in reply.message
    assert desk.state == before


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b"null",
        b'{"id": 5}',
        b'{"id":"x"' + b" " * 5000 + b"}",
        b"[" * 4000,
        b'{"id":"' + b"x" * 41 + b'"}',
    ],
)
def test_what_nobody_can_answer_is_dropped(desk: SimpleNamespace, payload: bytes) -> None:
    before = desk.state
    assert desk.engine.handle("kiosk-1", payload) is None
    assert desk.state == before


def test_delivery_before_the_late_original(desk: SimpleNamespace) -> None:
    original = desk.make(commands.IssueTicket, service="CIVIL")
    delivered = desk.send("kiosk-1", commands.IssueTicket, **book(desk, supersedes=original.id))
    assert delivered.ok
    late = desk.send_again("kiosk-1", original)
    assert late.error is vocabulary.Error.SUPERSEDED
    assert late.id == original.id
    desk.restart()
    assert desk.send_again("kiosk-1", original).error is vocabulary.Error.SUPERSEDED
    assert numbers(desk) == ["2901"]


def test_delivery_after_the_late_original(desk: SimpleNamespace) -> None:
    original = desk.make(commands.IssueTicket, service="CIVIL")
    assert desk.send_again("kiosk-1", original).ok
    assert desk.send("kiosk-1", commands.IssueTicket, **book(desk, supersedes=original.id)).ok
    waiting = [t.number for t in desk.state.tickets.values() if t.state is TicketState.WAITING]
    assert waiting == ["2901"]
    assert desk.send_again("kiosk-1", original).error is vocabulary.Error.SUPERSEDED


def test_a_delivery_sent_again_is_the_same_ticket(desk: SimpleNamespace) -> None:
    delivery = desk.make(commands.IssueTicket, **book(desk, supersedes="lost-1"))
    first = desk.send_again("kiosk-1", delivery)
    assert desk.send_again("kiosk-1", delivery) == first
    assert (
        desk.send("kiosk-1", commands.IssueTicket, **book(desk)).error is vocabulary.Error.CONFLICT
    )


def test_a_refused_delivery_leaves_the_original_alone(desk: SimpleNamespace) -> None:
    original = desk.make(commands.IssueTicket, service="CIVIL")
    bad = book(desk, number="2001", supersedes=original.id)
    assert desk.send("kiosk-1", commands.IssueTicket, **bad).error is vocabulary.Error.INVALID
    assert desk.send_again("kiosk-1", original).ok


def test_a_number_of_a_closed_day_is_kept_and_void(desk: SimpleNamespace) -> None:
    late = book(desk, business_day="2026-11-20", issued_at=desk.clock.now() - timedelta(days=3))
    reply = desk.send("kiosk-1", commands.IssueTicket, **late)
    assert reply.result is not None
    assert (reply.result["business_day"], reply.result["wait_min"]) == ("2026-11-20", None)
    assert desk.send("kiosk-1", commands.IssueTicket, **late).error is vocabulary.Error.CONFLICT
    with desk.reader() as reader:
        (row,) = reader.tickets("2026-11-20").values()
        assert (row.number, row.state, row.day_closed) == ("2901", "void", True)
        assert verify(reader).problems == ()


def test_a_full_disk_refuses_and_changes_nothing(
    desk: SimpleNamespace, expected_warnings: list[str]
) -> None:
    expected_warnings.append("the store fails")
    desk.issue()
    before = desk.state

    def no_room(name: str) -> None:
        if name == "before_commit":
            raise StoreError("database or disk is full")

    desk.failpoint = no_room
    command = desk.make(commands.IssueTicket, service="CIVIL")
    assert desk.send_again("kiosk-1", command).error is vocabulary.Error.UNAVAILABLE
    assert desk.state == before
    desk.failpoint = lambda _name: None
    reply = desk.send_again("kiosk-1", command)
    assert reply.result is not None
    assert reply.result["number"] == "2002"


def test_a_start_finds_everything_again(desk: SimpleNamespace) -> None:
    first = desk.issue()
    desk.issue("CERT")
    desk.send("counter-3", commands.CallNext, counter=3)
    desk.send("counter-3", commands.Park, counter=3, ticket=first, reason="chờ ký")
    desk.send("kiosk-1", commands.RequestHelp, place="kiosk-1")
    before = desk.state
    desk.restart()
    assert desk.state == before


def test_queue_time_never_goes_back(desk: SimpleNamespace) -> None:
    first = desk.issue()
    desk.clock.at -= timedelta(hours=2)
    second = desk.issue()
    desk.restart()
    third = desk.issue()
    keys = [desk.state.ticket(ticket).order_key for ticket in (first, second, third)]
    assert keys == sorted(keys)
    assert len(set(keys)) == 3


def test_the_next_day_opens_before_the_first_command_of_a_start(desk: SimpleNamespace) -> None:
    left = desk.issue()
    desk.stop()
    desk.clock.advance(24 * 3600)
    desk.start()
    assert desk.state.day == date(2026, 11, 24)
    assert desk.issue() != left
    assert numbers(desk) == ["2001"]
    with desk.reader() as reader:
        assert reader.tickets("2026-11-23")[left].state == "void"
        assert verify(reader).problems == ()


def test_answers_are_kept_for_48_hours(desk: SimpleNamespace) -> None:
    command = desk.make(commands.IssueTicket, service="CIVIL")
    desk.send_again("kiosk-1", command)
    for _ in range(2):
        desk.clock.advance(24 * 3600 - 60)
        desk.issue("CERT")
    assert desk.send_again("kiosk-1", command).result is not None
    assert "2001" not in numbers(desk)
    desk.clock.advance(24 * 3600)
    desk.issue("CERT")
    assert desk.send_again("kiosk-1", command).ok
    assert "2001" in numbers(desk)


def test_a_long_pause_waits_for_a_person(
    desk: SimpleNamespace, expected_warnings: list[str]
) -> None:
    expected_warnings.append("far ahead")
    desk.stop()
    desk.clock.advance(9 * 86400)
    desk.start()
    command = desk.make(commands.IssueTicket, service="CIVIL")
    assert desk.send_again("kiosk-1", command).error is vocabulary.Error.UNAVAILABLE
    desk.approved = date(2026, 12, 2)
    assert desk.send_again("kiosk-1", command).ok
    assert desk.state.day == desk.approved


def test_a_person_at_a_counter_confirms_the_day(
    desk: SimpleNamespace, expected_warnings: list[str]
) -> None:
    expected_warnings.append("far ahead")
    desk.issue()
    desk.clock.advance(9 * 86400)
    desk.restart()
    command = desk.make(commands.IssueTicket, service="CIVIL")
    assert desk.send_again("kiosk-1", command).error is vocabulary.Error.UNAVAILABLE
    for day, error in (("2026-12-01", vocabulary.Error.CONFLICT), ("2026-12-02", None)):
        assert desk.send("counter-3", commands.ConfirmDay, business_day=day).error is error
    assert desk.state.day == date(2026, 12, 2)
    assert desk.engine.day_to_confirm is None
    assert desk.send("kiosk-1", commands.IssueTicket, service="CIVIL").result["number"] == "2001"


def test_people_keep_their_numbers_behind_a_clock_that_jumped_with_a_reboot(
    desk: SimpleNamespace,
) -> None:
    tickets = [desk.issue() for _ in range(6)]
    desk.send("counter-3", commands.CallNext, counter=3)
    desk.stop()
    desk.clock.advance(86400)
    desk.clock.boot = "boot-2"
    desk.start()
    assert desk.engine.day_to_confirm == date(2026, 11, 24)
    assert desk.state.ticket(tickets[0]).state is TicketState.CALLED
    assert len(desk.state.tickets) == 6
    assert desk.send("web", commands.ConfirmDay, business_day="2026-11-24", by="lan").ok
    assert desk.state.day == date(2026, 11, 24)


def test_a_called_paper_number_is_completed_with_the_token_of_its_row(
    desk: SimpleNamespace,
) -> None:
    desk.issue()
    assert desk.send("counter-3", commands.CallTicket, counter=3, number="2905").ok
    ticket = desk.state.counter(3).current
    desk.restart()  # the log and the store say the same
    delivered = desk.send(
        "kiosk-1",
        commands.IssueTicket,
        service="CIVIL",
        number="2905",
        business_day="2026-11-23",
        issued_at=desk.clock.now(),
    )
    assert delivered.ok
    issued = commands.result_of(delivered, commands.IssuedTicket)
    assert (issued.ticket, issued.ahead) == (ticket, 0)
    assert desk.engine.ledger.store.ticket_of(issued.token) == ticket


def _small_centre(desk: SimpleNamespace, name: str) -> dict[str, object]:
    wire = centre_to_wire(desk.centre)
    wire["identity"]["hotline"] = name
    wire["services"] = [s for s in wire["services"] if s["code"] in ("CIVIL", "CERT")]
    wire["counters"] = [{"number": 3, "serves": {"CIVIL": 0, "CERT": 5}}]
    wire["devices"] = [
        {"id": "web", "role": "web"},
        {"id": "kiosk-1", "role": "kiosk"},
        {"id": "counter-3", "role": "counter", "counters": [3]},
    ]
    wire["hours"]["holidays"] = []
    texts = wire["wording"]
    texts["pause_reasons"], texts["systems"], texts["ticket_footer"] = [], [], []
    return wire


def test_the_configuration_moves_by_versions(desk: SimpleNamespace) -> None:
    waiting = desk.issue()
    key = desk.state.ticket(waiting).order_key
    centre = _small_centre(desk, "1022")
    stale = desk.send("web", commands.ApplyConfig, by="giam-doc", version=7, centre=centre)
    assert stale.error is vocabulary.Error.CONFLICT
    reply = desk.send("web", commands.ApplyConfig, by="giam-doc", version=1, centre=centre)
    assert reply.ok, reply
    assert desk.engine.version.number == 2
    assert desk.state.ticket(waiting).order_key == key
    desk.restart()
    assert desk.engine.version.number == 2
    assert desk.engine.version.centre.identity.hotline == "1022"
    hours = msgspec.structs.replace(desk.centre.hours, issue_before_open_min=10)
    desk.centre = msgspec.structs.replace(desk.centre, hours=hours)
    desk.restart()
    assert desk.engine.version.number == 3
    assert desk.engine.version.centre.hours.issue_before_open_min == 10


def test_a_configuration_that_does_not_hold_is_refused(desk: SimpleNamespace) -> None:
    centre = _small_centre(desk, "1022")
    reply = desk.send(
        "web", commands.ApplyConfig, by="giam-doc", version=1, centre=centre | {"counters": []}
    )
    assert reply.error is vocabulary.Error.INVALID
    assert reply.message is not None
    assert "counters" in reply.message
    desk.issue("LAND")
    reply = desk.send("web", commands.ApplyConfig, by="giam-doc", version=1, centre=centre)
    assert reply.error is vocabulary.Error.NOT_ALLOWED
    assert desk.engine.version.number == 1


def test_a_whole_configuration_fits_into_one_command_of_the_web(desk: SimpleNamespace) -> None:
    centre = centre_to_wire(desk.centre)
    centre["identity"]["hotline"] = "1022"
    command = desk.make(commands.ApplyConfig, by="giam-doc", version=1, centre=centre)
    assert len(codec.encode(command)) > commands.MAX_COMMAND_BYTES
    assert desk.engine.handle("counter-3", codec.encode(command)) is None
    assert desk.send_again("web", command).ok
    assert desk.engine.version.centre.identity.hotline == "1022"


def test_a_configuration_too_long_to_be_published_is_refused(desk: SimpleNamespace) -> None:
    centre = centre_to_wire(desk.centre)
    head = len(
        codec.encode(desk.make(commands.ApplyConfig, by="giam-doc", version=1, centre=centre))
    )
    one = Text(vi="x" * 100, en="y" * 100)
    more = (commands.MAX_CONFIG_BYTES - head) // (len(codec.encode(one)) + 1)
    wording = centre["wording"]
    wording["pause_reasons"] = [*wording["pause_reasons"], *[to_builtins(one)] * more]
    reply = desk.send("web", commands.ApplyConfig, by="giam-doc", version=1, centre=centre)
    assert reply.error is vocabulary.Error.INVALID
    assert "too long" in str(reply.message)
    assert desk.engine.version.number == 1


@pytest.mark.parametrize("given", [True, False])
def test_no_number_of_today_is_given_twice_by_a_configuration(
    desk: SimpleNamespace, given: bool
) -> None:
    if given:
        ticket = desk.issue()
        desk.send("counter-3", commands.VoidTicket, ticket=ticket)
    swapped = centre_to_wire(desk.centre)
    one, two = swapped["services"][:2]
    one["digit"], two["digit"] = two["digit"], one["digit"]
    other_book = centre_to_wire(desk.centre)
    other_book["numbering"]["books"] = []
    for centre in (swapped, other_book):
        version = desk.engine.version.number
        reply = desk.send(
            "web", commands.ApplyConfig, by="giam-doc", version=version, centre=centre
        )
        assert reply.error is (vocabulary.Error.NOT_ALLOWED if given else None), reply


def test_always_open_is_not_stored(desk: SimpleNamespace) -> None:
    assert desk.engine.version.centre.hours.always_open
    desk.always_open = False
    desk.restart()
    assert not desk.engine.version.centre.hours.always_open
    assert desk.engine.version.number == 1


def test_a_clock_set_back_over_a_start_opens_no_older_day(desk: SimpleNamespace) -> None:
    desk.issue()
    desk.stop()
    desk.clock.at -= timedelta(days=2)
    desk.start()
    assert desk.state.day == date(2026, 11, 23)
    assert numbers(desk) == ["2001"]


def test_refusals_speak_the_devices_language(desk: SimpleNamespace) -> None:
    vi = desk.send("kiosk-1", commands.IssueTicket, service="NONE")
    en = desk.send(
        "kiosk-1", commands.IssueTicket, service="NONE", lang=vocabulary.Language.ENGLISH
    )
    assert (vi.message, en.message) == ("Không tìm thấy.", "Not found.")


def test_a_wrong_clock_that_is_put_right_leaves_nothing(
    desk: SimpleNamespace, expected_warnings: list[str]
) -> None:
    expected_warnings.append("the clock is far ahead")
    desk.stop()
    desk.clock.at += timedelta(days=30)
    hours = msgspec.structs.replace(desk.centre.hours, issue_before_open_min=10)
    desk.centre = msgspec.structs.replace(desk.centre, hours=hours)
    desk.start()
    assert desk.engine.version.number == 2, "a new file is noted, whatever the clock says"
    command = desk.make(commands.IssueTicket, service="CIVIL")
    assert desk.send_again("kiosk-1", command).error is vocabulary.Error.UNAVAILABLE
    desk.engine.record([CallUnannounced(counter=CounterNumber(3), call_seq=1, missing="shown")], "")
    desk.clock.at -= timedelta(days=30)
    desk.clock.advance(60)
    assert desk.send_again("kiosk-1", command).ok
    assert desk.state.day == date(2026, 11, 23)
    ticket = list(desk.state.tickets.values())[-1]
    assert ticket.issued.at == desk.clock.at
    desk.restart()
    assert desk.engine.ledger.time.read() == desk.clock.at


def test_a_refused_step_takes_no_time(desk: SimpleNamespace) -> None:
    desk.issue()
    time = desk.engine.ledger.time
    desk.clock.at += timedelta(hours=1)
    time.stamp()
    desk.clock.at -= timedelta(hours=1)
    assert time.read() - desk.clock.at < timedelta(seconds=1)


def _lose_the_answer_of_the_next_commit(desk: SimpleNamespace) -> None:
    """Let the next COMMIT be carried out but said to have failed."""
    dialect = desk.engine.ledger.store._guard.engine.dialect
    commit = dialect.do_commit

    def do_commit(connection: object) -> None:
        dialect.do_commit = commit
        commit(connection)
        raise sqlite3.OperationalError("disk I/O error")

    dialect.do_commit = do_commit


def test_a_commit_said_to_fail_that_was_stored_is_taken_up(
    desk: SimpleNamespace, expected_warnings: list[str]
) -> None:
    expected_warnings.append("the store fails")
    desk.issue()
    command = desk.make(commands.IssueTicket, service="CIVIL")
    _lose_the_answer_of_the_next_commit(desk)
    assert desk.send_again("kiosk-1", command).error is vocabulary.Error.UNAVAILABLE
    assert numbers(desk) == ["2001"]
    again = desk.send_again("kiosk-1", command)
    assert again.result is not None
    assert again.result["number"] == "2002"
    desk.issue()
    assert numbers(desk) == ["2001", "2002", "2003"]
    before = desk.state
    desk.restart()
    assert desk.state == before
    with desk.reader() as reader:
        assert verify(reader).problems == ()


def test_a_configuration_said_to_fail_that_was_stored_is_taken_up(
    desk: SimpleNamespace, expected_warnings: list[str]
) -> None:
    expected_warnings.append("the store fails")
    centre = _small_centre(desk, "1022")
    command = desk.make(commands.ApplyConfig, by="giam-doc", version=1, centre=centre)
    _lose_the_answer_of_the_next_commit(desk)
    assert desk.send_again("web", command).error is vocabulary.Error.UNAVAILABLE
    assert desk.send_again("web", command).ok
    assert desk.engine.version.number == 2
    assert desk.engine.version.centre.identity.hotline == "1022"


def test_a_store_that_was_deleted_gives_no_number(
    desk: SimpleNamespace, expected_warnings: list[str]
) -> None:
    expected_warnings.append("the store fails")
    desk.issue()
    file = desk.data / STORE_FILE
    aside = file.rename(desk.data / "aside")
    assert desk.send("kiosk-1", commands.IssueTicket, service="CIVIL").error is UNAVAILABLE
    assert "was deleted or replaced" in desk.engine.store_trouble.why
    aside.rename(file)
    assert desk.issue()
    assert numbers(desk) == ["2001", "2002"]


def test_the_log_has_one_line_for_each_step_of_a_ticket_and_no_token(
    desk: SimpleNamespace, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "queue_service.ledger")
    issued = desk.send("kiosk-1", commands.IssueTicket, service="CIVIL")
    ticket, token = issued.result["ticket"], issued.result["token"]
    assert desk.send("counter-3", commands.CallNext, counter=3, current=None).ok
    assert desk.send("counter-3", commands.StartServing, counter=3, ticket=ticket).ok
    assert desk.send("counter-3", commands.Finish, counter=3, ticket=ticket).ok
    said = [record.getMessage() for record in caplog.records]
    steps = [line.split()[0] for line in said if f"number={issued.result['number']}" in line]
    assert steps == ["ticket_issued", "ticket_called", "serving_started", "ticket_finished"]
    assert all("device=" in line and "seq=" in line for line in said)
    assert token not in "\n".join(said)
