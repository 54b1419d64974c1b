"""The 140-ticket day on every broker that a site may have; docs/brokers.md says what came of it."""

from pathlib import Path

import pytest

from bus.broker import mosquitto_program
from config import load_centre
from tests.brokers.day import note, play_day, roles_of
from tests.brokers.nats import NatsCluster, nats_program
from tests.brokers.rabbitmq import RabbitMq, has_rabbitmq
from tests.brokers.tls import TlsMosquitto

TICKETS = 140
RIGHT_AGAIN_S = 5.0
"""I8: after an outage of any length, counted from when the broker is there again."""


@pytest.fixture
def centre_site() -> str:
    return load_centre(None).identity.site


@pytest.mark.full
@pytest.mark.skipif(mosquitto_program() is None, reason="mosquitto is not installed")
def test_mosquitto_with_tls_that_is_killed_at_noon(
    tmp_path: Path, centre_site: str, expected_warnings: list[str]
) -> None:
    expected_warnings += ["broker link lost", "broker not reached"]
    broker = TlsMosquitto(tmp_path, centre_site, roles_of(load_centre(None)))
    broker.start()
    try:
        report = play_day(broker, tmp_path / "data", tickets=TICKETS, fail_at=TICKETS // 2)
    finally:
        broker.stop()
    note(report, broker)
    assert (report.tickets, report.problems, report.unseen) == (TICKETS, (), 0)
    assert report.slowest_s <= RIGHT_AGAIN_S


@pytest.mark.full
@pytest.mark.skipif(nats_program() is None, reason="nats-server is not installed")
def test_nats_of_which_one_of_three_nodes_is_killed_at_noon(
    tmp_path: Path, centre_site: str, expected_warnings: list[str]
) -> None:
    """Nobody's number is lost; how late boards were is measured, not promised."""
    expected_warnings += ["broker link lost", "broker not reached", "broker refused"]
    broker = NatsCluster(centre_site, roles_of(load_centre(None)))
    try:
        broker.start()
        report = play_day(broker, tmp_path / "data", tickets=TICKETS, fail_at=TICKETS // 2)
    finally:
        broker.stop()
    note(report, broker)
    assert (report.tickets, report.problems, report.unseen) == (TICKETS, (), 0)


@pytest.mark.full
@pytest.mark.skipif(not has_rabbitmq(), reason="rabbitmq-server is not installed")
def test_rabbitmq_that_is_killed_at_noon(
    tmp_path: Path, centre_site: str, expected_warnings: list[str]
) -> None:
    """Nobody's number is lost; how late boards were is measured, not promised."""
    expected_warnings += ["broker link lost", "broker not reached", "broker refused"]
    broker = RabbitMq(centre_site, roles_of(load_centre(None)))
    try:
        broker.start()
        report = play_day(broker, tmp_path / "data", tickets=TICKETS, fail_at=TICKETS // 2)
    finally:
        broker.stop()
    note(report, broker)
    assert (report.tickets, report.problems, report.unseen) == (TICKETS, (), 0)
