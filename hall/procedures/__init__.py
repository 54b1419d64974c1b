"""What a person needs for each matter: one document, kept whole and known by its SHA-256."""

from hall.procedures.document import (
    MOST_BYTES,
    NO_DOCUMENT,
    Document,
    DocumentError,
    Fee,
    Phrase,
    Procedure,
    Published,
    publish,
    read_published,
)
from hall.procedures.example import example_for

__all__ = [
    "MOST_BYTES",
    "NO_DOCUMENT",
    "Document",
    "DocumentError",
    "Fee",
    "Phrase",
    "Procedure",
    "Published",
    "example_for",
    "publish",
    "read_published",
]
