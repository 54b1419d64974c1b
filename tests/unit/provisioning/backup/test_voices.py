"""An installed voice is in the backup as it came, and comes back where there is none."""

import hashlib
import shutil
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from hall.words import Words
from provisioning.backup.make import copy_backup, make_backup
from provisioning.backup.manifest import Manifest, manifest_of
from provisioning.backup.restore import Surroundings, Wanted, restore
from provisioning.backup.restore_command import _told
from provisioning.backup.rotation import Keep
from provisioning.backup.voices import copy_voices, put_voices_back
from provisioning.layout import VOICES
from wait_log.snapshot import Snapshot

AT = datetime(2026, 11, 23, tzinfo=UTC)


def install(data: Path, lang: str, content: bytes) -> str:
    """Install a voice as the page does; return the name of its file."""
    (data / VOICES).mkdir(parents=True, exist_ok=True)
    name = f"{lang}-{hashlib.sha256(content).hexdigest()}.zip"
    (data / VOICES / name).write_bytes(content)
    return name


def listed(folder: Path) -> Manifest:
    snapshot = Snapshot(site="s", epoch="E", seq=0, hash="", at_us=0, rows={})
    return manifest_of(folder, version="1", number=1, made_at=AT, snapshot=snapshot, work={})


def test_whole_voices_are_copied_and_the_same_ones_take_no_more_room(tmp_path: Path) -> None:
    data = tmp_path / "data"
    good, torn = install(data, "vi", b"Lan"), install(data, "km", b"Sok")
    (data / VOICES / torn).write_bytes(b"half of S")
    (data / VOICES / "notes.zip").write_bytes(b"none of ours")
    backups = [tmp_path / name for name in ("first", "second", "third")]
    before = None
    for backup in backups:
        backup.mkdir()
        copy_voices(data, backup, before)
        before = backup
    assert [path.name for path in backups[0].iterdir()] == [f"voice-{good}"]
    first, second, _ = (backup / f"voice-{good}" for backup in backups)
    assert first.samefile(second)
    assert not first.samefile(data / VOICES / good), "a torn disk does not tear the backup too"
    second.write_bytes(b"rotten")
    another = tmp_path / "fourth"
    another.mkdir()
    copy_voices(data, another, backups[1])
    assert (another / f"voice-{good}").read_bytes() == b"Lan"
    copy_voices(tmp_path / "a server without voices", another, None)


def test_a_language_that_this_machine_has_stays_as_it_is(tmp_path: Path) -> None:
    data, backup, here = tmp_path / "data", tmp_path / "backup", tmp_path / "here"
    backup.mkdir()
    old, km = install(data, "vi", b"Lan"), install(data, "km", b"Sok")
    copy_voices(data, backup, None)
    newer = install(here, "vi", b"Mai")
    torn = install(here, "km", b"another Sok")
    (here / VOICES / torn).write_bytes(b"")
    assert put_voices_back(backup, listed(backup), here) == ("km",)
    assert (here / VOICES / km).read_bytes() == b"Sok"
    assert (here / VOICES / newer).exists()
    assert not (here / VOICES / old).exists()


@pytest.mark.full
def test_a_fresh_machine_speaks_with_the_voice_of_the_backup(
    server: SimpleNamespace, tmp_path: Path
) -> None:
    name = install(server.data, "vi", b"Lan")
    made = make_backup(server.source, tmp_path / "to", Keep(), server.world())
    again = make_backup(server.source, tmp_path / "to", Keep(), server.world())
    assert f"voice-{name}" in made.manifest.sha256
    assert (made.path / f"voice-{name}").samefile(again.path / f"voice-{name}")
    stick = copy_backup(again.path, again.manifest, tmp_path / "stick", Keep())
    server.stop()
    shutil.rmtree(server.data)
    world = Surroundings(server.now, lambda: next(server.ids))
    restored = restore(Wanted(backup=stick, data=server.data, nobody_holds=True), world)
    assert restored.voices == ("vi",)
    assert "backup: vi." in _told(restored, Words("en"))
    assert (server.data / VOICES / name).read_bytes() == b"Lan"
