import random
from dataclasses import dataclass, field

import pytest

from hall.words import Words
from simulators.printer import PROFILES, Machine, Paper
from simulators.printer.console import Console


@dataclass
class FakePort:
    plugged: bool = True
    done: list[str] = field(default_factory=list)

    def unplug(self) -> None:
        self.plugged = False
        self.done.append("unplug")

    def switch_off(self) -> None:
        self.plugged = False
        self.done.append("off")

    def plug(self) -> None:
        self.plugged = True
        self.done.append("plug")


class Bench:
    def __init__(self, lang: str = "vi") -> None:
        self.now = 0.0
        self.papers: list[bytes] = []
        self.said: list[str] = []
        self.port = FakePort()
        self.machine = Machine(
            PROFILES["full"],
            self.papers.append,
            monotonic=lambda: self.now,
            rng=random.Random(1),
            prints_bytes_s=100,
        )
        self.console = Console(self.machine, self.port, self.said.append, Words(lang))

    def does(self, line: str) -> str:
        self.console.obey(line)
        return self.said[-1].strip()


@pytest.mark.parametrize(
    ("lines", "vi", "en"),
    [
        (["paper out"], "hết giấy", "out of paper"),
        (["paper low", "cover open"], "sắp hết giấy, nắp mở", "paper low, cover open"),
        (["cutter jam", "heat on", "cutter free"], "quá nóng", "too hot"),
        (["stall"], "đứng im", "stalled"),
        (["stall", "go"], "sẵn sàng", "ready"),
        (["late 1.5"], "trả lời muộn 1.5 giây", "answers 1.5 s late"),
        (["garbage on"], "trả lời lung tung", "answers nonsense"),
        (["off"], "mất kết nối", "not connected"),
        (["unplug", "plug"], "sẵn sàng", "ready"),
    ],
)
def test_a_person_breaks_and_mends_it(lines: list[str], vi: str, en: str) -> None:
    for lang, expected in (("vi", vi), ("en", en)):
        bench = Bench(lang)
        assert [bench.does(line) for line in lines][-1] == expected


@pytest.mark.parametrize("line", ["explode", "after x paper out", "late soon", "on", "paper"])
def test_what_it_does_not_know_changes_nothing(line: str) -> None:
    bench = Bench()
    assert bench.does(line) == "Không có lệnh này; gõ help."
    assert bench.does("status") == "sẵn sàng"
    assert bench.port.done == []


def test_help_comes_first_and_quit_ends() -> None:
    bench = Bench("en")
    bench.console.run_lines(["status\n", "quit\n", "paper out\n"])
    assert bench.said[0].startswith("Type a command")
    assert bench.machine.condition.paper is Paper.OK


def test_what_waits_to_be_printed_is_told() -> None:
    bench = Bench()
    assert bench.does("after 100 paper out") == "sẵn sàng"
    bench.machine.receive(b"\x1b@" + b"A" * 298 + b"\x1dV\x00")
    assert bench.does("status") == "còn 303 byte chưa in"
    bench.now += 60
    assert bench.does("status") == "hết giấy, còn 203 byte chưa in"
    bench.now += 60
    assert bench.does("paper ok") == "còn 203 byte chưa in"
    bench.now += 60
    assert bench.does("") == "sẵn sàng"
    assert bench.papers == [b"\x1b@" + b"A" * 298 + b"\x1dV\x00"]
