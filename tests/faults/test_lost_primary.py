"""The database's machine dies under load, and a person makes its copy the primary."""

import time
from pathlib import Path

import pytest
from attacked import Load, Victim, board_is_right, drain, judge

from bus.broker import PrivateBroker
from provisioning.database import command
from tests.clusters import Pair

pytestmark = [pytest.mark.engine, pytest.mark.full]
COMMITS = 300
"""So many numbers are given before the power goes."""


def test_nothing_acknowledged_is_lost_with_the_primary(
    pair: Pair, broker: PrivateBroker, load: Load, tmp_path: Path
) -> None:
    victim = Victim(broker, tmp_path / "service", pair.url)
    try:
        victim.start()
        load.start()
        while len(load.issued) < COMMITS:
            load.wait_for_work()
        pair.primary.kill()
        words = ["--yes", "--data", str(victim.data), "--store", pair.url]
        assert command(["promote", *words]) == 0
        assert command(["without-copy", *words]) == 0
        load.wait_for_work()
        drain(load)
        board_is_right(load, time.monotonic())
        load.finish()
        assert victim.stop() == 0
        assert len(load.issued) > COMMITS
        judge(victim, load)
    finally:
        victim.end()
