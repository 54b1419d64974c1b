import queue
from collections.abc import Iterator, Mapping

import pytest

from bus.vocabulary import SignState
from hardware.sign import Face, SignStation

WITHIN_S = 30
OK, FAULT = SignState.OK, SignState.FAULT


class OddLine:
    """Signs of which some make the driver raise what no driver should."""

    blinks = True

    def __init__(self) -> None:
        self.odd: dict[int, Exception] = {}
        self.shown: queue.Queue[tuple[int, str]] = queue.Queue()

    def show(self, address: int, face: Face) -> SignState:
        if address in self.odd:
            raise self.odd[address]
        self.shown.put((address, face.text))
        return SignState.OK

    def close(self) -> None:
        """Nothing is open."""


class Bench:
    def __init__(self) -> None:
        self.line = OddLine()
        self.faces: Mapping[int, Face] | Exception = {1: Face("1001"), 2: Face("2001")}
        self.states: queue.Queue[Mapping[int, SignState]] = queue.Queue()
        self.station = SignStation(
            self.line,
            (1, 2),
            self._faces,
            self.states.put,
            retry_after_s=(0.02,),
            reopen_after_s=(0.02,),
        )

    def _faces(self) -> Mapping[int, Face]:
        if isinstance(self.faces, Exception):
            raise self.faces
        return self.faces

    def until(self, *states: SignState) -> None:
        while self.states.get(timeout=WITHIN_S) != dict(zip((1, 2), states, strict=True)):
            pass


@pytest.fixture
def bench(expected_warnings: list[str]) -> Iterator[Bench]:
    expected_warnings += ["device thread failed thread=signs", "sign state=fault"]
    bench = Bench()
    yield bench
    bench.station.stop()


@pytest.mark.parametrize("error", [ValueError("odd"), UnicodeError("odd"), KeyError("odd")])
def test_an_error_of_ours_costs_one_sign_only(bench: Bench, error: Exception) -> None:
    bench.line.odd[1] = error
    bench.station.start()
    bench.until(FAULT, OK)
    assert bench.line.shown.get(timeout=WITHIN_S) == (2, "2001")
    bench.faces = {1: Face("1002"), 2: Face("2002")}
    while bench.line.shown.get(timeout=WITHIN_S) != (2, "2002"):
        pass
    del bench.line.odd[1]
    bench.until(OK, OK)


def test_faces_that_cannot_be_made_are_a_fault_of_all_until_they_can(bench: Bench) -> None:
    faces, bench.faces = bench.faces, ValueError("odd")
    bench.station.start()
    bench.until(FAULT, FAULT)
    bench.faces = faces
    bench.until(OK, OK)
