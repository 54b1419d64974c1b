"""What is kept of closed days is only ever a shorter way to what the log says."""

import logging
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from wait_log.figure_cache import FigureCache

HASH, OTHER = b"\1" * 32, b"\2" * 32
SITE = "test"


def keep(kept: FigureCache, seq: int, event_hash: bytes, gone: Iterable[str] | None = ()) -> bool:
    return kept.follow(SITE, seq, event_hash, lambda known: gone if known else None)


def test_what_is_kept_comes_back_also_to_another(tmp_path: Path) -> None:
    kept = FigureCache(tmp_path / "figures.db")
    assert keep(kept, 5, HASH)
    kept.put(SITE, 5, "2026-11 day 23", b"sheet")
    again = FigureCache(tmp_path / "figures.db")
    assert again.follow(SITE, 5, HASH, lambda _: pytest.fail("nothing is new"))
    assert again.get(SITE, "2026-11 day 23") == b"sheet"
    assert again.get("other", "2026-11 day 23") is None
    assert (tmp_path / "figures.db").stat().st_mode & 0o077 == 0
    kept.close()
    again.close()


def test_memory_does_the_same() -> None:
    kept = FigureCache()
    keep(kept, 5, HASH)
    kept.put(SITE, 5, "a", b"1")
    assert kept.get(SITE, "a") == b"1"
    kept.close()
    assert kept.get(SITE, "a") is None
    kept.close()


def test_following_forgets_what_changed_and_another_log_forgets_all() -> None:
    kept = FigureCache()
    keep(kept, 5, HASH)
    kept.follow("other", 5, HASH, lambda _: None)
    for name in ("2026-10 month", "2026-10 day 02", "2026-11 month"):
        kept.put(SITE, 5, name, b"1")
        kept.put("other", 5, name, b"1")
    keep(kept, 6, OTHER, ["2026-10 ", "2025-01 "])
    assert kept.get(SITE, "2026-10 month") is kept.get(SITE, "2026-10 day 02") is None
    assert kept.get(SITE, "2026-11 month") == b"1"
    keep(kept, 2, OTHER, None)
    assert kept.get(SITE, "2026-11 month") is None
    assert kept.get("other", "2026-10 month") == b"1"
    kept.close()


def test_what_was_made_of_an_older_log_is_not_kept(tmp_path: Path) -> None:
    """Two processes: one has made a sheet, the other has heard of a late number meanwhile."""
    slow, fast = FigureCache(tmp_path / "figures.db"), FigureCache(tmp_path / "figures.db")
    keep(slow, 5, HASH)
    keep(fast, 6, OTHER, ["a"])
    slow.put(SITE, 5, "a", b"too old")
    assert fast.get(SITE, "a") is None
    fast.put(SITE, 6, "a", b"new")
    assert keep(slow, 5, HASH), "one that is behind forgets nothing"
    assert slow.get(SITE, "a") == b"new"
    slow.close()
    fast.close()


def test_a_file_that_another_has_for_long_is_neither_waited_for_nor_given_up(
    tmp_path: Path,
) -> None:
    kept = FigureCache(tmp_path / "figures.db")
    keep(kept, 5, HASH)
    kept.put(SITE, 5, "a", b"1")
    other = sqlite3.connect(tmp_path / "figures.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert not keep(kept, 6, OTHER), "then nothing kept may be used"
    kept.put(SITE, 5, "b", b"1")
    other.execute("ROLLBACK")
    other.close()
    assert keep(kept, 6, OTHER)
    assert (kept.get(SITE, "a"), kept.get(SITE, "b")) == (b"1", None)
    kept.close()


def test_a_file_of_another_version_is_begun_anew(tmp_path: Path) -> None:
    file = sqlite3.connect(tmp_path / "figures.db")
    file.executescript("CREATE TABLE part (x); PRAGMA user_version = 99;")
    file.close()
    kept = FigureCache(tmp_path / "figures.db")
    keep(kept, 5, HASH)
    kept.put(SITE, 5, "a", b"1")
    assert kept.get(SITE, "a") == b"1"
    kept.close()


@pytest.mark.parametrize("what", ["no database", "no directory", "a directory"])
def test_a_file_that_cannot_be_used_is_said_once_and_done_without(
    what: str, tmp_path: Path, caplog: pytest.LogCaptureFixture, expected_warnings: list[str]
) -> None:
    expected_warnings.append("kept figures cannot be used")
    path = tmp_path / "figures.db"
    if what == "no database":
        path.write_bytes(b"something else entirely " * 100)
    elif what == "no directory":
        path = tmp_path / "none" / "figures.db"
    else:
        path.mkdir()
    kept = FigureCache(path)
    with caplog.at_level(logging.WARNING):
        assert keep(kept, 5, HASH)
        kept.put(SITE, 5, "a", b"1")
        assert kept.get(SITE, "a") == b"1"
    assert [record.name for record in caplog.records] == ["wait_log.figure_cache"]
    kept.close()


_WRITER = """
import sys
from collections.abc import Iterable
from pathlib import Path
from wait_log.figure_cache import FigureCache
kept = FigureCache(Path(sys.argv[1]))
kept.follow("test", 1, bytes(32), lambda known: None)
for number in range(10**9):
    kept.put("test", 1, f"part {number % 50}", bytes([number % 256]) * 20_000)
    if number == 200:
        print("going", flush=True)
"""


def test_a_process_that_is_killed_leaves_a_file_that_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "figures.db"
    environment = os.environ | {"PYTHONPATH": str(Path.cwd())}
    command = [sys.executable, "-c", _WRITER, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"going\n"
        writer.kill()
    kept = FigureCache(path)
    assert kept.follow(SITE, 1, bytes(32), lambda _: pytest.fail("it has not got there"))
    bodies = [kept.get("test", f"part {number}") for number in range(50)]
    assert all(body and body == body[:1] * 20_000 for body in bodies)
    kept.close()
