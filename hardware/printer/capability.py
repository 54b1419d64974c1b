"""What a printer can say of itself, learnt by the self-test and kept for the kiosk."""

import contextlib
import logging
import os
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import msgspec

from bus.typed import read_json

_log = logging.getLogger(__name__)


class Proof(StrEnum):
    """How a printer shows that a ticket is on paper, best first."""

    PROCESS_ID = "process_id"
    """It sends back the id of the job (GS ( H fn 48)."""
    IN_TURN = "in_turn"
    """It answers in its turn, after the job (GS r 1)."""
    STATUS = "status"
    """It says nothing of the job; that it is well afterwards has to do (DLE EOT)."""
    NONE = "none"


class Level(StrEnum):
    """How much a printer says of itself."""

    FULL = "full"
    """How it is, and that a ticket was printed."""
    BASIC = "basic"
    """How it is."""
    NONE = "none"
    """Nothing."""
    UNKNOWN = "unknown"
    """No self-test was made, and it has said nothing yet."""


class Capability(msgspec.Struct, frozen=True, kw_only=True):
    """What the self-test found."""

    proof: Proof = Proof.NONE
    subjects: tuple[Annotated[int, msgspec.Meta(ge=1, le=4)], ...] = ()
    """The n of DLE EOT that it answers."""
    module: bool = False
    """It answers DLE EOT 20, as kiosk modules do."""
    automatic: bool = False
    """It sends its status by itself after GS a."""
    clears: bool = False
    """It says that it forgot a job (DLE DC4 fn 8)."""

    @property
    def level(self) -> Level:
        """Return how much the printer says of itself."""
        if self.proof in (Proof.PROCESS_ID, Proof.IN_TURN):
            return Level.FULL
        return Level.BASIC if self.subjects or self.module else Level.NONE


class CapabilityFile:
    """Keeps one printer's capability in `{data}/printers/{device}/{name}.json`."""

    def __init__(self, data: Path, device: str, name: str) -> None:
        self.path = data / "printers" / device / f"{name}.json"

    def read(self) -> Capability | None:
        """Return what was learnt; None before the self-test, or when the file is damaged."""
        try:
            return read_json(self.path.read_bytes(), Capability)
        except FileNotFoundError:
            return None
        except (OSError, ValueError, RecursionError) as error:
            _log.warning("printer capability not read file=%s error=%s", self.path, error)
            return None

    def write(self, capability: Capability) -> None:
        """Keep what was learnt so that a power cut leaves the old or the new; raises OSError."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        draft = self.path.with_suffix(".new")
        with draft.open("wb") as file:
            file.write(msgspec.json.format(msgspec.json.encode(capability), indent=2) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self.path)
        with contextlib.suppress(OSError):
            directory = os.open(self.path.parent, os.O_RDONLY)
            try:
                os.fsync(directory)
            finally:
                os.close(directory)
