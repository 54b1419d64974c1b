"""What everybody saw: one line per thing that was asked, answered or observed.

A client writes `invoke` before it asks and `ok`, `fail` or `unknown` when it knows more; whoever
is killed between the two leaves the question open. Times are of the machine's monotonic clock,
which all processes of one machine share.
"""

import time
from collections.abc import Iterable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import Any

import msgspec


class Phase(StrEnum):
    """What a line says of an operation."""

    INVOKE = "invoke"
    OK = "ok"
    FAIL = "fail"
    UNKNOWN = "unknown"
    NOTE = "note"
    """Something that was seen and not asked for."""


class Op(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One line of a history."""

    who: str
    phase: Phase
    what: str
    """The kind of a command, or of what was seen."""
    id: str = ""
    at: float = 0.0
    data: dict[str, Any] = {}


class Recorder:
    """Appends one process's lines to its own file; each is with the system before `write` ends."""

    def __init__(self, directory: Path, who: str) -> None:
        self.who = who
        name = f"{who}-{time.monotonic_ns()}.jsonl"
        self._file = (directory / name).open("ab", buffering=0)

    def write(self, phase: Phase, what: str, op_id: str = "", **data: object) -> None:
        """Write one line, at the present."""
        op = Op(who=self.who, phase=phase, what=what, id=op_id, at=time.monotonic(), data=data)
        self._file.write(msgspec.json.encode(op) + b"\n")

    def close(self) -> None:
        """Write no more."""
        self._file.close()


def read_history(directory: Path) -> list[Op]:
    """Return the lines of every process, in order, without those that a death has torn."""
    found = [op for path in directory.glob("*.jsonl") for op in _lines(path)]
    return sorted(found, key=lambda op: op.at)


def of_phase(history: Iterable[Op], phase: Phase, *whats: str) -> Iterator[Op]:
    """Return the lines of a phase, of some kinds if any are named."""
    return (op for op in history if op.phase is phase and (not whats or op.what in whats))


def _lines(path: Path) -> Iterator[Op]:
    for line in path.read_bytes().splitlines():
        try:
            yield msgspec.json.decode(line, type=Op)
        except msgspec.DecodeError:
            return
