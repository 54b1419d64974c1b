"""The six letters beside a number, by which its page is found where nothing scans a code.

They follow from the paper's token by a hash: nothing more is stored, and they do not lead back.
"""

import hashlib
import re

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's 32: no I, L, O, U."""
LETTERS = 6
_BITS = 5
_LOOK_ALIKES = str.maketrans("OIL", "011")
_BETWEEN = re.compile(r"[\s\-–.·]+")
_PURPOSE = b"denluot paper code 1\0"


def code_of(token: str) -> str:
    """Return the code of the paper with `token`."""
    digest = hashlib.sha256(_PURPOSE + token.encode()).digest()
    bits = int.from_bytes(digest[:8], "big")
    return "".join(ALPHABET[bits >> _BITS * place & 31] for place in reversed(range(LETTERS)))


def shown_code(code: str) -> str:
    """Return a code as it is printed: two groups."""
    half = LETTERS // 2
    return f"{code[:half]} {code[half:]}"


def read_code(typed: str) -> str | None:
    """Return the code that somebody typed, look-alikes put right; None if it is none."""
    letters = _BETWEEN.sub("", typed[:40]).upper().translate(_LOOK_ALIKES)
    known = len(letters) == LETTERS and all(letter in ALPHABET for letter in letters)
    return letters if known else None
