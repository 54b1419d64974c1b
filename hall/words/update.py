"""Keep the catalogues in step with the sources: `python -m hall.words.update`.

Collects the texts of every Python file, template and QML file, merges them into each
`catalogues/{lang}.po` and compiles `{lang}.mo`. What nobody says any more leaves the file; what
is new stands there untranslated, and a test fails until somebody translates it.
"""

import io
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from hall.words import CATALOGUES

_UNDATED = datetime(2000, 1, 1, tzinfo=UTC)
"""The same sources make the same bytes, whenever that is."""
_ROOT = Path(__file__).parents[2]
ROOMS = (
    "appliance",
    "config",
    "counter_caller",
    "display",
    "hall",
    "hardware",
    "kiosk",
    "paper",
    "provisioning",
    "queue_service",
    "simulators",
    "ui",
    "voice",
    "web",
)
_KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "t": None,
    "N_": None,
    "self": None,
    "translate": (2,),
    "of": ((1, "c"), 2),
    "plural": (1, 1),
}
_COUNTED = re.compile(r"""\bt\.plural\(["']([^"']+)["']""")
"""What templates say of so many things: Jinja's own extraction passes over calls of attributes."""
_METHODS: dict[str, tuple[str, dict[str, Any]]] = {
    ".py": ("python", _KEYWORDS),
    ".qml": ("javascript", {"qsTr": None}),
    ".html": ("jinja2.ext:babel_extract", _KEYWORDS),
}


def collect() -> Catalog:
    """Return every text that the sources say."""
    found = Catalog(project="Đến Lượt", charset="utf-8")
    for path in _sources():
        method, keywords = _METHODS[path.suffix]
        for _line, message, _comments, context in extract_from_file(method, path, keywords):
            found.add(message, context=context)
        if path.suffix == ".html":
            for text in _COUNTED.findall(path.read_text(encoding="utf-8")):
                found.add((text, text))
    return found


def stored(lang: str) -> Catalog:
    """Return the catalogue of `lang` as its translators left it."""
    with (CATALOGUES / f"{lang}.po").open("rb") as file:
        return read_po(file, locale=lang)


def merged(lang: str, texts: Catalog) -> Catalog:
    """Return the catalogue of `lang` with just the texts of the sources."""
    catalogue = stored(lang)
    catalogue.update(texts, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    return catalogue


def po_bytes(catalogue: Catalog) -> bytes:
    """Return a catalogue as the text that translators edit."""
    file = io.BytesIO()
    write_po(file, catalogue, width=100, omit_header=True, sort_output=True, no_location=True)
    return file.getvalue()


def mo_bytes(catalogue: Catalog) -> bytes:
    """Return a catalogue as programs read it."""
    catalogue.creation_date = catalogue.revision_date = _UNDATED
    file = io.BytesIO()
    write_mo(file, catalogue)
    return file.getvalue()


def _sources() -> Iterator[Path]:
    for room in ROOMS:
        for path in sorted((_ROOT / room).rglob("*")):
            if path.suffix in _METHODS:
                yield path


def main() -> int:
    """Bring every catalogue up to date; say what is missing and return 1 while something is."""
    texts, missing = collect(), 0
    for path in sorted(CATALOGUES.glob("*.po")):
        catalogue = merged(path.stem, texts)
        path.write_bytes(po_bytes(catalogue))
        path.with_suffix(".mo").write_bytes(mo_bytes(stored(path.stem)))
        for message in catalogue:
            if message.id and not message.string:
                missing += 1
                sys.stderr.write(f"{path.name}: not translated: {message.id}\n")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
