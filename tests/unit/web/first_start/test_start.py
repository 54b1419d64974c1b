"""The steps of the first day over a real socket: kept, applied, left for later, shown once."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from bus import codec
from bus.commands import ApplyConfig, Reply
from bus.memory import MemoryBus
from bus.port import Incoming
from bus.vocabulary import Error
from config import load_centre
from provisioning.backup.recovery import has_recovery, secret_of
from provisioning.drafts import SettingsDrafts
from provisioning.first_start.steps import FirstSteps, Step
from provisioning.site_db import SiteDb

TOPIC = "denluot/v1/nhi-chieu"
Send = Callable[..., tuple[int, str, str]]


def answer_as(service_bus: MemoryBus, *, ok: bool) -> list[ApplyConfig]:
    taken: list[ApplyConfig] = []

    def take(message: Incoming) -> None:
        command = codec.decode(ApplyConfig, message.payload)
        taken.append(command)
        error = None if ok else Error.NOT_ALLOWED
        reply = Reply(id=command.id, ok=ok, error=error, result={"version": 1 + ok})
        service_bus.publish(f"{TOPIC}/reply/web", codec.encode(reply))

    service_bus.subscribe(f"{TOPIC}/cmd/web", take)
    return taken


def test_a_name_is_applied_and_the_next_step_is_shown(
    send: Send, service_bus: MemoryBus, site_db: SiteDb
) -> None:
    taken = answer_as(service_bus, ok=True)
    assert send("/start")[2] == "/start/centre"
    shown = send("/start/centre")[1]
    assert "Bước 1 trên 6" in shown
    assert 'name="identity.name.vi"' in shown
    assert "time_zone" not in shown, "what can wait is on the page of settings"
    typed = {"identity.place.vi": "Phường Hòa Bình"}
    assert send("/start/centre", do="next", **typed)[2] == "/start/services"
    assert taken[0].centre["identity"]["place"]["vi"] == "Phường Hòa Bình"
    assert FirstSteps(site_db).answers().keys() == {Step.CENTRE}
    actions = [row["action"] for row in site_db.read("SELECT action FROM audit")]
    assert {"settings_applied", "first_step"} <= set(actions)
    assert send("/start")[2] == "/start/services"


def test_what_is_half_filled_survives_and_is_not_applied(
    send: Send, service_bus: MemoryBus, site_db: SiteDb
) -> None:
    taken = answer_as(service_bus, ok=True)
    send("/start/services", do="save", **{"services[1].name.vi": "Đất đai và nhà ở"})
    assert "Đất đai và nhà ở" in send("/start/services")[1]
    assert SettingsDrafts(site_db).find("administrator") is not None
    assert taken == []
    assert FirstSteps(site_db).answers() == {}


@pytest.mark.full
def test_services_and_counters_are_added_and_removed(send: Send) -> None:
    before = len(load_centre().services)

    def count() -> int:
        return len(set(re.findall(r'name="services\[(\d+)\]', send("/start/services")[1])))

    assert count() == before
    send("/start/services", do="add")
    assert count() == before + 1
    send("/start/services", do=f"remove-{before}")
    assert count() == before
    for nonsense in ("remove-9999", "remove--1", "remove-x", "up-1"):
        assert send("/start/services", do=nonsense)[0] == 303
    assert 'name="counters[0].serves"' in send("/start/counters")[1]


def test_what_is_wrong_is_said_and_the_step_is_not_left(
    send: Send, service_bus: MemoryBus, site_db: SiteDb
) -> None:
    taken = answer_as(service_bus, ok=False)
    status, text, _ = send("/start/services", do="next", **{"services[0].digit": "x"})
    assert status == 422
    assert 'class="wrongs"' in text
    assert taken == [], "nobody is asked for what cannot be"
    assert FirstSteps(site_db).answers() == {}


def test_a_step_may_be_left_for_later_and_a_test_that_failed_is_not_done(
    send: Send, site_db: SiteDb
) -> None:
    assert send("/start/printer", do="later")[2] == "/start/boards"
    assert "rồi thử lại" in send("/start/boards", do="bad")[1]
    assert FirstSteps(site_db).answers() == {}
    assert send("/start/boards", do="good")[2] == "/start/administrator"
    assert FirstSteps(site_db).answers() == {Step.BOARDS: "good"}
    assert send("/start/no-such-step")[0] == 404


def test_the_phrase_is_shown_once_and_kept_nowhere(
    send: Send, site_db: SiteDb, store_path: Path
) -> None:
    assert send("/start/administrator", do="written")[2] == "/start/administrator"
    status, text, _ = send("/start/administrator", do="make")
    assert status == 200
    words = re.findall(r"<li>([^<\s]+)</li>", text)
    assert secret_of(" ".join(words))
    assert has_recovery(store_path.parent)
    again = send("/start/administrator")[1]
    assert not re.findall(r"<li>([^<\s]+)</li>", again)
    kept = [tuple(row) for row in site_db.read("SELECT * FROM audit")]
    assert " ".join(words) not in str(kept)
    assert send("/start/administrator", do="written")[2] == "/"
    assert send("/start/administrator", do="make")[0] == 303, "a page of yesterday makes no other"
    status, text, _ = send("/start/administrator", do="make", known="yes")
    assert status == 200
    assert re.findall(r"<li>([^<\s]+)</li>", text) != words
