"""The list of licences and the SBOM are those of the lock."""

import json
from importlib import metadata
from pathlib import Path

import pytest

from provisioning.bundle import licences

ROOT = Path(__file__).parents[4]
LOCK = (ROOT / "requirements.lock").read_text()
AGAIN = "older than the lock: .venv/bin/python -m provisioning.bundle.licences"


@pytest.fixture(scope="module")
def found() -> list[licences.Library]:
    return licences.libraries(LOCK)


def test_the_list_of_licences_is_of_this_lock(found: list[licences.Library]) -> None:
    assert (ROOT / licences.LIST).read_text() == licences.listed(found), AGAIN


def test_the_sbom_is_of_this_lock(found: list[licences.Library]) -> None:
    made = licences.sbom(found, metadata.version("denluot"), LOCK)
    assert (ROOT / licences.SBOM).read_text() == made, AGAIN


def test_every_library_has_a_licence_that_is_known(found: list[licences.Library]) -> None:
    known = ("MIT", "BSD", "Apache", "PSF", "MPL", "LGPL", "OFL", "EPL-2.0 OR BSD")
    assert [each.name for each in found if not each.licence.startswith(known)] == []


def test_nothing_of_the_lock_is_left_out(found: list[licences.Library]) -> None:
    locked = {line.partition("==")[0] for line in LOCK.splitlines() if line[:1].isalnum()}
    assert locked - {each.name for each in found} == {"colorama"}  # which is for Windows alone


def test_every_library_of_the_lock_is_named_by_its_hash() -> None:
    blocks = LOCK.split("\n")
    entries = [number for number, line in enumerate(blocks) if line[:1].isalnum()]
    assert all("--hash=sha256:" in blocks[number + 1] for number in entries)


def test_the_sbom_says_who_needs_whom(found: list[licences.Library]) -> None:
    sbom = json.loads(licences.sbom(found, "0.3.0", LOCK))
    assert (sbom["bomFormat"], sbom["specVersion"]) == ("CycloneDX", "1.6")
    components = {each["bom-ref"] for each in sbom["components"]}
    needs = {each["ref"]: each.get("dependsOn", []) for each in sbom["dependencies"]}
    assert {name for names in needs.values() for name in names} <= components
    alembic = next(ref for ref in needs if ref.startswith("alembic=="))
    assert any(name.startswith("sqlalchemy==") for name in needs[alembic])
