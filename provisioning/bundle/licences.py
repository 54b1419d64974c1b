"""What the product is made of and under which licences: `python -m provisioning.bundle.licences`.

Writes `docs/licences.md` for people and `deploy/sbom.cdx.json` (CycloneDX) for programs from
`requirements.lock`; a test fails when they are older than the lock.
"""

import hashlib
import json
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

_ROOT = Path(__file__).parents[2]
LIST = Path("docs/licences.md")
SBOM = Path("deploy/sbom.cdx.json")
LOCK = "requirements.lock"
_ENTRY = re.compile(r"^([A-Za-z0-9][^\s\\]*==[^\\\n]*?) ?\\$", re.MULTILINE)
_PYTHONS = ("3.11", "3.13")
_CLASSIFIED = {
    "MIT License": "MIT",
    "BSD License": "BSD-3-Clause",
    "Apache Software License": "Apache-2.0",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
}
_READ_BY_A_PERSON = {
    "pyserial": "BSD-3-Clause",
    "pyside6-essentials": "LGPL-3.0-only OR GPL-2.0-only OR GPL-3.0-only",
    "qrcode": "BSD-3-Clause",
    "shiboken6": "LGPL-3.0-only OR GPL-2.0-only OR GPL-3.0-only",
    "sniffio": "MIT OR Apache-2.0",
}
"""Where a package says it in words that are no SPDX expression, or says two things."""


@dataclass(frozen=True, slots=True)
class Library:
    """A library of the lock, as its own files describe it."""

    name: str
    version: str
    licence: str
    needs: tuple[str, ...]


def locked(lock: str) -> Iterator[Requirement]:
    """Yield every library of a lock that is for the machines of a hall."""
    for entry in _ENTRY.finditer(lock):
        library = Requirement(entry[1].strip())
        places = [
            {"sys_platform": "linux", "platform_system": "Linux", "python_version": version}
            | {"python_full_version": f"{version}.0", "implementation_name": "cpython"}
            for version in _PYTHONS
        ]
        if library.marker is None or any(library.marker.evaluate(place) for place in places):
            yield library


def libraries(lock: str) -> list[Library]:
    """Return the libraries of a lock as this environment has them; raises PackageNotFoundError."""
    return [_described(library) for library in locked(lock)]


def listed(found: Sequence[Library]) -> str:
    """Return the list for people."""
    page = "https://pypi.org/project"
    rows = [
        f"| [{each.name}]({page}/{each.name}/) | {each.version} | {each.licence} |"
        for each in found
    ]
    return _HEADING + "\n".join([*rows, ""])


def sbom(found: Sequence[Library], release: str, lock: str) -> str:
    """Return the CycloneDX document: the same bytes for the same lock."""
    product = Component(name="denluot", version=release, type=ComponentType.APPLICATION)
    product.bom_ref.value = "denluot"
    components = {each.name: _component(each) for each in found}
    bom = Bom(
        serial_number=uuid5(NAMESPACE_URL, hashlib.sha256(lock.encode()).hexdigest()),
        components=components.values(),
    )
    bom.metadata.component = product
    bom.register_dependency(product, components.values())
    for each in found:
        needs = [components[name] for name in each.needs if name in components]
        bom.register_dependency(components[each.name], needs)
    document = json.loads(JsonV1Dot6(bom).output_as_string())
    del document["metadata"]["timestamp"]
    return json.dumps(document, indent=1, sort_keys=True) + "\n"


def main() -> int:
    """Write both files."""
    lock = (_ROOT / LOCK).read_text(encoding="utf-8")
    found = libraries(lock)
    (_ROOT / LIST).write_text(listed(found), encoding="utf-8")
    (_ROOT / SBOM).write_text(sbom(found, metadata.version("denluot"), lock), encoding="utf-8")
    return 0


_HEADING = """# Licences of what the product runs on

Made from `requirements.lock` by `python -m provisioning.bundle.licences`; a test fails when it is
older than the lock. The same as CycloneDX 1.6, with who needs whom: `deploy/sbom.cdx.json`, on an
installed machine `/opt/denluot/current/share/sbom.cdx.json`; the hash of every file is in the
lock, which lies beside it there.

Our own code is under Apache-2.0. Qt for Python (PySide6, shiboken6) and psycopg are used under
the LGPL 3: unchanged, as libraries of their own that can be replaced. certifi and pathspec are
under the MPL 2.0, unchanged; the two type families are under the Open Font License. What comes
from Debian keeps its licences in `/usr/share/doc/*/copyright`.

| library | version | licence |
|---|---|---|
"""


_OLDEST_PYTHON = {"extra": "", "python_version": "3.11", "python_full_version": "3.11.2"}
"""Debian 12's, for which the most is needed: the document is the same wherever it is made."""


def _described(library: Requirement) -> Library:
    name = canonicalize_name(library.name)
    required = [Requirement(line) for line in metadata.distribution(name).requires or ()]
    needs = {
        canonicalize_name(each.name)
        for each in required
        if each.marker is None or each.marker.evaluate(_OLDEST_PYTHON)
    }
    version = next(iter(library.specifier)).version
    return Library(name, version, _licence(name), tuple(sorted(needs)))


def _licence(name: str) -> str:
    """Return the SPDX expression of a library's licence."""
    if name in _READ_BY_A_PERSON:
        return _READ_BY_A_PERSON[name]
    described = metadata.distribution(name).metadata
    if "License-Expression" in described:
        return described["License-Expression"]
    classified = [
        _CLASSIFIED[line.rpartition(" :: ")[2]]
        for line in described.get_all("Classifier") or ()
        if line.rpartition(" :: ")[2] in _CLASSIFIED
    ]
    said = str(described.json.get("license", "")).partition("\n")[0].strip()
    return " OR ".join(classified) or _CLASSIFIED.get(said, said.removesuffix(" License"))


def _component(library: Library) -> Component:
    component = Component(
        name=library.name,
        version=library.version,
        purl=PackageURL("pypi", None, library.name, library.version),
        licenses=[LicenseFactory().make_from_string(library.licence)],
    )
    component.bom_ref.value = f"{library.name}=={library.version}"
    return component


if __name__ == "__main__":
    sys.exit(main())
