"""`apply_config` from the bytes of the web to the states of everybody."""

import queue
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from bus import codec, commands, states
from bus.vocabulary import Error
from config import Centre, Rule, centre_to_wire

WITHIN_S = 60


def without_counter(centre: Centre, number: int, *, service: str = "") -> dict[str, Any]:
    wire = centre_to_wire(centre)
    wire["counters"] = [each for each in wire["counters"] if each["number"] != number]
    wire["services"] = [each for each in wire["services"] if each["code"] != service]
    wire["devices"] = [
        each | {"counters": [n for n in each["counters"] if n != number]}
        for each in wire["devices"]
        if each["counters"] != [number] and each["counters"] != (number,)
    ]
    return wire


def refused(reply: commands.Reply) -> dict[str, commands.ConfigProblem]:
    assert not reply.ok
    return {
        problem.rule: problem
        for problem in commands.result_of(reply, commands.AppliedConfig).problems
    }


def test_the_largest_centre_is_applied_and_followed_live(
    running: SimpleNamespace, full_centre: Centre
) -> None:
    web = running.device("web")
    heard: queue.Queue[states.ConfigState] = queue.Queue()
    web.follow_config(heard.put)
    assert heard.get(timeout=WITHIN_S).version == 1
    counter, gone = running.topics.counter(99), running.topics.counter(9)
    new_counter = running.listen(counter)
    reply = running.ask(
        web, commands.ApplyConfig, version=1, centre=centre_to_wire(full_centre), by="ha"
    )
    assert reply.ok, reply
    assert commands.result_of(reply, commands.AppliedConfig).version == 2
    while heard.get(timeout=WITHIN_S).version != 2:
        pass
    assert (
        codec.decode(states.CounterState, new_counter.get(timeout=WITHIN_S).payload).counter == 99
    )
    # A device that is new is heard: the service has subscribed to what it sends.
    opened = running.ask(running.device("counter-99"), commands.OpenCounter, counter=99)
    assert opened.ok, opened
    smaller = without_counter(full_centre, 9)
    forgotten = running.listen(gone)
    assert forgotten.get(timeout=WITHIN_S).payload
    assert running.ask(web, commands.ApplyConfig, version=2, centre=smaller, by="ha").ok
    while forgotten.get(timeout=WITHIN_S).payload:
        pass
    late = running.listen(gone)
    assert running.ask(web, commands.ApplyConfig, version=3, centre=smaller, by="ha").ok
    assert late.empty()


def test_a_full_centre_at_work_stays_within_what_one_message_may_have(
    desk: SimpleNamespace, full_centre: Centre
) -> None:
    wire = centre_to_wire(full_centre)
    assert desk.send("web", commands.ApplyConfig, version=1, centre=wire, by="ha").ok
    numbers = [
        commands.result_of(
            desk.send("kiosk-1", commands.IssueTicket, service=service.code), commands.IssuedTicket
        ).number
        for service in full_centre.services
        for _ in range(3)
    ]
    assert len(set(numbers)) == len(numbers)
    assert (numbers[0], numbers[-1]) == ("0001", "39003")
    desk.restart()
    assert desk.engine.version.centre.services == full_centre.services


def test_every_version_says_who_made_it(desk: SimpleNamespace) -> None:
    wire = centre_to_wire(desk.centre)
    wire["identity"]["hotline"] = "1022"
    assert desk.send("web", commands.ApplyConfig, version=1, centre=wire, by="nguyen-thu-ha").ok
    desk.issue()
    with desk.reader() as reader:
        versions = reader.configs(10)
        events = reader.config_events(versions)
        assert [row.version for row in versions] == [2, 1]
        assert reader.config(2) == versions[0] == reader.newest_config()
        assert reader.config(3) is None
    told = [msgspec.json.decode(event.body) for event in events]
    assert [each["event"]["version"] for each in told] == [1, 2]
    assert [each.get("by") for each in told] == [None, "nguyen-thu-ha"]
    assert [each["cause"] for each in told] == ["file", "apply_config"]


def test_nobody_who_waits_loses_service_or_counter(desk: SimpleNamespace) -> None:
    desk.issue("LAND")
    reply = desk.send(
        "web", commands.ApplyConfig, version=1, centre=_without_land(desk.centre), by="ha"
    )
    assert reply.error is Error.NOT_ALLOWED
    problem = refused(reply)[Rule.PEOPLE_WAIT]
    assert problem.values == {"service": "LAND", "count": 1}
    called = desk.send("counter-6", commands.CallNext, counter=6)
    assert called.ok, called
    problems = refused(
        desk.send(
            "web", commands.ApplyConfig, version=1, centre=_without_land(desk.centre), by="ha"
        )
    )
    assert problems[Rule.PEOPLE_AT_COUNTER].values == {"counter": 6}
    ticket = called.result["ticket"]
    assert desk.send("counter-6", commands.StartServing, counter=6, ticket=ticket).ok
    assert desk.send("counter-6", commands.Finish, counter=6, ticket=ticket).ok
    assert desk.send(
        "web", commands.ApplyConfig, version=1, centre=_without_land(desk.centre), by="ha"
    ).ok


def _without_land(centre: Centre) -> dict[str, Any]:
    return without_counter(centre, 6, service="LAND")


def test_a_line_keeps_its_terms_when_its_counters_change(desk: SimpleNamespace) -> None:
    first, second = desk.issue("TAX"), desk.issue("TAX")
    keys = [desk.state.ticket(each).order_key for each in (first, second)]
    wire = centre_to_wire(desk.centre)
    wire["counters"][6]["serves"], wire["counters"][7]["serves"] = {"SI": 0}, {"TAX": 0}
    wire["services"][5]["name"]["vi"] = "Thuế và lệ phí"
    wire["classes"]["normal"]["head_start_min"] = 20
    assert desk.send("web", commands.ApplyConfig, version=1, centre=wire, by="ha").ok
    assert [desk.state.ticket(each).order_key for each in (first, second)] == keys
    assert desk.send("counter-7", commands.CallNext, counter=7).error is Error.EMPTY
    called = desk.send("counter-8", commands.CallNext, counter=8)
    assert called.result["ticket"] == first


def test_all_that_is_wrong_is_named_at_once(desk: SimpleNamespace) -> None:
    wire = centre_to_wire(desk.centre)
    wire["services"][1]["digit"] = 1
    wire["hours"]["mon"] = ["11:30-07:30", "9-10"]
    wire["counters"][8]["serves"] = {}
    reply = desk.send("web", commands.ApplyConfig, version=1, centre=wire, by="ha")
    assert reply.error is Error.INVALID
    told = commands.result_of(reply, commands.AppliedConfig)
    assert told.version == 1
    assert [problem.path for problem in told.problems] == [
        "$.hours.mon[0]",
        "$.hours.mon[1]",
        "$.counters[8].serves",
        "$.services[1].digit",
        "$.services[8].code",
    ]


@pytest.mark.parametrize("path", ["x" * 30_000, "ỡ" * 9_000])
def test_a_refusal_is_short_whatever_was_sent(desk: SimpleNamespace, path: str) -> None:
    wire = centre_to_wire(desk.centre)
    wire["counters"][0]["serves"][path] = 0
    wire["services"] = [wire["services"][0] | {"icon": f"{path}!"}] * 2
    command = desk.make(commands.ApplyConfig, version=1, centre=wire, by="ha")
    reply = desk.engine.handle("web", codec.encode(command))
    assert reply is None or len(reply) < 10_000
