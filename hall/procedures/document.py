"""The document of a centre's procedures: its types and bounds, its bytes and their SHA-256."""

import datetime as dt
import hashlib
import re
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Literal
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta, Struct

from bus.codec import FORBIDDEN
from bus.typed import read_json
from hall.procedures.alphabet import order_of

MOST_PROCEDURES = 600
"""A ward has about 430 of them."""
MOST_BYTES = 2 * 1024 * 1024
LONGEST = 300
LONGEST_NAME = 160
LONGEST_ADDRESS = 200
MOST_PAPERS = 20
EARLIEST_SOURCE, LATEST_SOURCE = dt.date(1945, 9, 2), dt.date(2100, 1, 1)

Key = Annotated[str, Meta(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=400)]
Code = Annotated[str, Meta(pattern=r"^[A-Z][A-Z0-9_]{0,15}$")]


class DocumentError(Exception):
    """Bytes are not the document that they should be; says why."""


class Phrase(Struct, frozen=True, omit_defaults=True):
    """A text in Vietnamese, and in English where somebody has written it."""

    vi: Annotated[str, Meta(min_length=1, max_length=LONGEST)]
    en: Annotated[str, Meta(max_length=LONGEST)] = ""

    def __post_init__(self) -> None:
        """Refuse control characters and blanks around the words."""
        for text in (self.vi, self.en):
            if FORBIDDEN.search(text):
                raise ValueError("control characters are not allowed")
            if text != text.strip():
                raise ValueError("a text neither begins nor ends with a blank")

    def __call__(self, lang: str) -> str:
        """Return the text in `lang`, Vietnamese when there is no other."""
        return self.en if lang == "en" and self.en else self.vi


class Fee(Struct, frozen=True, kw_only=True):
    """What has to be paid, never without the legal text that says so and its date."""

    amount: Phrase
    source: Phrase
    date: dt.date
    """The day on which that text was made."""

    def __post_init__(self) -> None:
        """Refuse dates that no text in force can have."""
        if not EARLIEST_SOURCE <= self.date < LATEST_SOURCE:
            raise ValueError(f"no legal text in force is of {self.date.isoformat()}")


class Procedure(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One procedure of a service."""

    key: Key
    """What its address ends with; no other procedure has it."""
    service: Code
    name: Phrase
    who: Phrase | None = None
    papers: Annotated[tuple[Phrase, ...], Meta(max_length=MOST_PAPERS)] = ()
    fee: Fee | None = None
    days: Phrase | None = None
    online: Annotated[str, Meta(max_length=LONGEST_ADDRESS)] = ""
    """Where it can be done from home: a web address."""

    def __post_init__(self) -> None:
        """Refuse a name too long for a tile, and addresses that are none."""
        if max(len(self.name.vi), len(self.name.en)) > LONGEST_NAME:
            raise ValueError(f"a name has at most {LONGEST_NAME} letters")
        if self.online and not is_address(self.online):
            raise ValueError(f"not an address that begins with https://: {self.online!r}")


class Document(Struct, frozen=True, kw_only=True):
    """All procedures of a centre, in the order of services and of the alphabet."""

    format: Literal[1] = 1
    example: bool = False
    """Shipped to look at, and shown in the demonstration alone."""
    procedures: Annotated[tuple[Procedure, ...], Meta(max_length=MOST_PROCEDURES)] = ()

    def __post_init__(self) -> None:
        """Refuse two procedures at one address, and fees in an example."""
        keys = {procedure.key for procedure in self.procedures}
        if len(keys) < len(self.procedures):
            raise ValueError("two procedures have the same key")
        if self.example and any(procedure.fee for procedure in self.procedures):
            raise ValueError("an example names no fee")

    def find(self, key: str) -> Procedure | None:
        """Return a procedure by its key."""
        return next((each for each in self.procedures if each.key == key), None)


@dataclass(frozen=True)
class Published:
    """A document as it is served: its canonical bytes, what they say and how they are known."""

    body: bytes
    document: Document

    @cached_property
    def sha256(self) -> str:
        """Return the digest of the bytes."""
        return hashlib.sha256(self.body).hexdigest()


def publish(document: Document) -> Published:
    """Return a document in its canonical bytes; raises DocumentError beyond the bounds."""
    ordered = msgspec.structs.replace(
        document, procedures=tuple(sorted(document.procedures, key=_place))
    )
    return read_published(msgspec.json.encode(ordered))


def read_published(body: bytes, sha256: str | None = None) -> Published:
    """Return what `body` says; raises DocumentError unless all is within bounds.

    With `sha256` every byte must be right. Fields of a later version are passed over.
    """
    if len(body) > MOST_BYTES:
        raise DocumentError(f"at most {MOST_BYTES} bytes are read, got {len(body)}")
    if sha256 is not None and hashlib.sha256(body).hexdigest() != sha256:
        raise DocumentError("the bytes have another SHA-256")
    try:
        return Published(body, read_json(body, Document))
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise DocumentError(str(error)) from error


def is_address(text: str) -> bool:
    """Return whether `text` is a web address that people may be sent to."""
    if not re.fullmatch(r"https://[^\s<>\"'`\\]+", text) or len(text) > LONGEST_ADDRESS:
        return False
    try:
        parts = urlsplit(text)
        return bool(parts.hostname) and parts.username is None and parts.port != 0
    except ValueError:
        return False


def _place(procedure: Procedure) -> tuple[object, ...]:
    return procedure.service, order_of(procedure.name.vi), procedure.key


NO_DOCUMENT = publish(Document())
"""What is published where nobody has filled anything in."""
