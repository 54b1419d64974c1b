"""The power ends at any instant of a busy morning: nothing that anybody was told is lost.

The product's own code works while every write and sync of it is recorded; then the power is cut
at 400 points of the record, each with what the disk may hold: at 2,000 in the long tests, and at
10,000 with `soak.py --power`.
"""

import random
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from nemesis.cuts import cut_often, record_morning
from nemesis.power import Disk, Entry, compiler
from nemesis.tree import ROOT, mutated

CUTS = [400, pytest.param(2000, marks=pytest.mark.full)]
COMMANDS = 300
SEED = 20261126

pytestmark = pytest.mark.skipif(compiler() is None, reason="there is no C compiler")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder in memory, where there is such a place: cuts are many."""
    memory = Path("/dev/shm")  # noqa: S108 - a folder of our own below it
    if not memory.is_dir():
        return tmp_path
    return Path(tempfile.mkdtemp(prefix="denluot-power-", dir=memory))


@pytest.fixture(autouse=True)
def _clean(folder: Path) -> Iterator[None]:
    yield
    shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.parametrize("cuts", CUTS)
def test_nothing_is_lost_when_the_power_ends(folder: Path, cuts: int) -> None:
    entries = record_morning(folder, ROOT, COMMANDS)
    outcome = cut_often(entries, folder, cuts, SEED)
    assert outcome.lost == []
    assert outcome.cuts == cuts
    assert outcome.acknowledged > COMMANDS / 2
    assert outcome.thorough > cuts / 100


@pytest.mark.parametrize(
    ("name", "lost"),
    [("store-not-synced", "numbers are lost"), ("book-not-synced", "book cannot be read")],
)
def test_a_product_that_does_not_sync_is_found(folder: Path, name: str, lost: str) -> None:
    entries = record_morning(folder, mutated(folder, name), COMMANDS // 2)
    outcome = cut_often(entries, folder, 60, SEED)
    assert any(lost in found for found in outcome.lost), outcome.lost[:5]


def test_what_was_not_synced_may_be_gone_and_what_was_is_there(folder: Path) -> None:
    disk = Disk(folder)
    path = f"{folder}/a".encode()
    for entry in (
        Entry("O", 1, 0o101, path),
        Entry("W", 1, 0, b"safe" * 200),
        Entry("S", 1, 0, b""),
        Entry("O", 2, 0, str(folder).encode()),
        Entry("S", 2, 0, b""),
        Entry("W", 1, 0, b"lost" * 200),
    ):
        disk.follow(entry)
    found = {bytes(disk.after_cut(random.Random(seed))["a"]) for seed in range(50)}
    assert {b"safe" * 200, b"lost" * 200} < found
    assert all(set(content) <= set(b"safelost") for content in found)
    torn = [one for one in found if b"safe" in one and b"lost" in one]
    assert torn
