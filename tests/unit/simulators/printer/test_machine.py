import random

from simulators.printer.condition import PROFILES
from simulators.printer.machine import Machine

FIRST = b"\x1b@\x1bJ\x14\x1dVB\x00"
SECOND = b"\x1b@\x1bJ\x28\x1dVB\x00"


def test_who_looks_at_it_when_a_paper_falls_makes_nothing_print_twice() -> None:
    papers: list[bytes] = []
    now = 0.0

    def fall(paper: bytes) -> None:
        nonlocal now
        papers.append(paper)
        now += 1
        assert machine.held >= 0

    machine = Machine(
        PROFILES["full"], fall, monotonic=lambda: now, rng=random.Random(1), prints_bytes_s=100
    )
    machine.receive(FIRST + SECOND)
    now += len(FIRST) / 100
    assert machine.held == len(SECOND)
    now += 1
    assert machine.held == 0
    assert papers == [FIRST, SECOND]
