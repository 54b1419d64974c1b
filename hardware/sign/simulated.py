"""Signs that write what they show to a text file."""

from pathlib import Path

from bus.vocabulary import SignState
from hardware.sign.encoding import fitted
from hardware.sign.port import Face, LineGoneError


class SimulatedSigns:
    """One line per sign in `file`: its address, what it shows, and `*` while it blinks."""

    blinks = True

    def __init__(self, digits: int, file: Path) -> None:
        self._digits = digits
        self._file = file
        self._shown: dict[int, str] = {}

    def show(self, address: int, face: Face) -> SignState:
        """Write what all signs show now."""
        text = fitted(face.text, self._digits)
        self._shown[address] = f"{address:3} {text}{' *' if face.blink else ''}\n"
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            new = self._file.with_suffix(".new")
            new.write_text("".join(line for _, line in sorted(self._shown.items())))
            new.replace(self._file)
        except OSError as error:
            raise LineGoneError(f"cannot write {self._file}: {error.strerror}") from error
        return SignState.OK

    def close(self) -> None:
        """Nothing is kept open."""
