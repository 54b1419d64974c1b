"""Signs that read lines of text, as the template of the settings writes them."""

import re
from collections.abc import Callable, Iterable
from string import Formatter

from config.settings import AsciiSigns
from hardware.sign.encoding import answer_of, frame_of
from hardware.sign.port import IDLE, Face
from simulators.sign.bank import Fault, SignBank

_LONGEST = 256


class AsciiSignBank(SignBank):
    """Signs of the settings `choice`; bytes that are no frame of theirs are passed over."""

    def __init__(
        self,
        addresses: Iterable[int],
        choice: AsciiSigns,
        on_change: Callable[[], None] = lambda: None,
    ) -> None:
        super().__init__(addresses, on_change)
        self._choice = choice
        self._pattern = re.compile(_pattern(choice).encode("latin-1"), re.DOTALL)
        self._buffer = b""

    def feed(self, data: bytes, at: float) -> bytes:
        """Find frames; a sign obeys one that is exactly what its settings would write."""
        del at
        self._buffer = (self._buffer + data)[-_LONGEST:]
        answers = b""
        while match := self._pattern.search(self._buffer):
            self._buffer = self._buffer[match.end() :]
            answers += self._obey(match)
        return answers

    def _obey(self, match: re.Match[bytes]) -> bytes:
        fields = {name: value.decode("latin-1") for name, value in match.groupdict().items()}
        text = fields["text"].strip()
        blink = fields.get("blink") == self._choice.blink_marks[1]
        face = Face(text if text.strip("-") or not text else IDLE, blink)
        for address in self._faces:
            if self._hears(address) and frame_of(self._choice, address, face) == match[0]:
                if self._faults[address] is Fault.REFUSE:
                    return b""
                self._show(address, face)
                return self._through_fault(address, answer_of(self._choice, address))
        return b""


def _pattern(choice: AsciiSigns) -> str:
    pattern = ""
    for literal, field, spec, _ in Formatter().parse(choice.frame):
        pattern += re.escape(literal)
        if field:
            pattern += f"(?P<{field}>{_field(choice, field, spec or '')})"
    return pattern


def _field(choice: AsciiSigns, field: str, spec: str) -> str:
    if field == "text":
        return f"[ -~]{{{choice.digits}}}"
    if field == "blink":
        return "|".join(re.escape(mark) for mark in choice.blink_marks)
    return f".{{{len(format(0, spec))}}}" if spec else "[0-9]{1,3}"
