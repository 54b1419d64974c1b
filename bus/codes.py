"""Codes that people read out and type: letters without look-alikes, in any case and grouping."""

import hashlib
import re
import secrets

CODE_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's: 32 letters, of which none is taken for another."""
CODE_LENGTH = 6
"""30 bits: who guesses meets a limit long before a hit."""
_REFERENCE_DIGITS = 24
_MEANT = str.maketrans("OILU", "011V")


def new_code() -> str:
    """Return a new code."""
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))


def typed_code(text: str) -> str | None:
    """Return the code that somebody typed; None where it is none."""
    kept = re.sub(r"[\s.-]", "", text.upper()).translate(_MEANT)
    whole = len(kept) == CODE_LENGTH and all(letter in CODE_LETTERS for letter in kept)
    return kept if whole else None


def reference_digest(reference: str) -> str:
    """Return what knows another system's reference again and does not tell it; nothing of none."""
    if not reference:
        return ""
    return hashlib.sha256(reference.encode()).hexdigest()[:_REFERENCE_DIGITS]


def code_in_groups(code: str) -> str:
    """Return a code as people read it: 7K3-M9Q."""
    half = len(code) // 2
    return f"{code[:half]}-{code[half:]}"
