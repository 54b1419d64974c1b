"""A number and the code beside it lead to its page; guessing is slowed by number and in all.

Never by address: everybody in the hall may have the same one.
"""

import hmac
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from bus.paper_code import code_of, read_code

LONGEST_NUMBER = 8


@dataclass
class _Bucket:
    left: float
    at_s: float


class WrongCodes:
    """How many wrong codes may still be tried.

    Each try is counted before it is looked at, so that a thousand at once are not a thousand first
    ones; the right ones are given back.
    """

    def __init__(
        self,
        monotonic: Callable[[], float],
        *,
        by_number: int = 8,
        again_s: float = 60.0,
        in_all: int = 300,
        in_all_again_s: float = 0.2,
        most: int = 20_000,
    ) -> None:
        """Allow `by_number` at once for each number, then one every `again_s`; so for all."""
        self._monotonic = monotonic
        self._by_number = (float(by_number), again_s)
        self._in_all = (float(in_all), in_all_again_s)
        self._most = most
        self._numbers: dict[str, _Bucket] = {}
        self._all = _Bucket(float(in_all), monotonic())
        self.wrong = 0
        """Wrong codes since the start."""
        self.refused = 0
        """Tries that were not even looked at."""

    def take(self, number: str) -> bool:
        """Return whether a code for `number` may be tried now, and count it as wrong so far."""
        bucket = self._bucket(number)
        self._fill(self._all, *self._in_all)
        if bucket.left < 1 or self._all.left < 1:
            self.refused += 1
            return False
        bucket.left -= 1
        self._all.left -= 1
        self.wrong += 1
        return True

    def give_back(self, number: str) -> None:
        """Take back a try: its code was right, or nobody could look."""
        self._bucket(number).left += 1
        self._all.left += 1
        self.wrong -= 1

    def _bucket(self, number: str) -> _Bucket:
        bucket = self._numbers.pop(number, None) or _Bucket(self._by_number[0], self._monotonic())
        self._numbers[number] = bucket
        if len(self._numbers) > self._most:
            del self._numbers[next(iter(self._numbers))]
        self._fill(bucket, *self._by_number)
        return bucket

    def _fill(self, bucket: _Bucket, most: float, again_s: float) -> None:
        now_s = self._monotonic()
        bucket.left = min(most, bucket.left + (now_s - bucket.at_s) / again_s)
        bucket.at_s = now_s


def read_number(typed: str) -> str | None:
    """Return the number that somebody typed as papers have it; None if it can be none."""
    number = "".join(typed[: 4 * LONGEST_NUMBER].split()).upper().replace("-", "")
    plain = number.isascii() and number.isalnum()
    return number if plain and len(number) <= LONGEST_NUMBER else None


def token_with(tokens: Iterable[str], typed: str) -> str | None:
    """Return the token whose code was typed."""
    code = read_code(typed) or ""
    for token in tokens:
        if hmac.compare_digest(code_of(token), code):
            return token
    return None
