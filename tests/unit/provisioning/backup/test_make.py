"""Backups are whole and proven, or are not there; what was there before stays."""

import errno
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest

from hall.words import Words
from provisioning.backup.command import Job, Places, back_up
from provisioning.backup.errors import BackupBusyError, BackupError, NoRoomError
from provisioning.backup.make import copy_backup, make_backup, translated
from provisioning.backup.manifest import (
    IDENTITY_FILE,
    MANIFEST_FILE,
    STORE_FILE,
    WORK_FILE,
    backups_in,
    check_files,
    read_manifest,
)
from provisioning.backup.places import OtherMachine, Run, stick_folder
from provisioning.backup.recovery import make_recovery, unseal
from provisioning.backup.rotation import Keep
from provisioning.backup.status import age_text, read_status
from queue_service.verify import verify
from wait_log.reader import open_reader

KEEP = Keep()
EN = Words("en")
UNTIL_FULL = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from provisioning.backup.errors import NoRoomError
from provisioning.backup.make import Source, Surroundings, make_backup
from provisioning.backup.manifest import backups_in, check_files, read_manifest
from provisioning.backup.rotation import Keep
folder, data, store = sys.argv[1:]
source = Source(data=Path(data), store=store, site="nhi-chieu", version="1")
world = Surroundings(lambda: datetime.now(UTC), free_bytes=lambda _path: 1 << 40)
made = 0
try:
    for made in range(50):
        make_backup(source, Path(folder), Keep(always=50), world)
except NoRoomError:
    whole = backups_in(Path(folder))
    for _, path in whole:
        check_files(path, read_manifest(path))
    print(made, len(whole), len(list(Path(folder).glob(".partial-*"))))
"""
STEPS = ("draft", "store", "staff", "identity", "before_manifest", "before_rename", "after_rename")


def rows_of(file: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as db:
        return db.execute(query).fetchall()


def test_a_backup_is_made_beside_the_running_service(
    server: SimpleNamespace, tmp_path: Path
) -> None:
    make_recovery(server.data)
    made = make_backup(server.source, tmp_path / "to", KEEP, server.world())
    assert server.take() == "2004"  # the service has noticed nothing
    check_files(made.path, made.manifest)
    with open_reader(f"sqlite:///{made.path / STORE_FILE}", "nhi-chieu") as reader:
        verdict = verify(reader)
    assert verdict.problems == ()
    assert verdict.tickets == made.manifest.store.rows["ticket"] == 3
    assert oct(made.path.stat().st_mode)[-3:] == "700"


def test_nothing_secret_is_in_the_open(server: SimpleNamespace, tmp_path: Path) -> None:
    """Live tokens, sessions, passwords, keys: neither in tables nor in bytes that were freed."""
    store = server.data / STORE_FILE
    tokens = [str(row[0]) for row in rows_of(store, "SELECT token FROM ticket")]
    (password,) = rows_of(server.data / "accounts.db", "SELECT password FROM accounts")[0]
    with closing(sqlite3.connect(server.data / "accounts.db")) as db:
        settings = '{"letterhead": "centre", "mail": {"host": "mail.vn", "password": "thu-bi-mat"}}'
        db.execute("INSERT INTO report_settings VALUES (1, ?, 'hoa', 5)", (settings.encode(),))
        db.commit()
    phrase = make_recovery(server.data)
    made = make_backup(server.source, tmp_path / "to", KEEP, server.world())
    everything = b"".join(path.read_bytes() for path in made.path.iterdir())
    for secret in (
        *tokens,
        str(password),
        "thu-bi-mat",
        "khóa của trung tâm",
        " ".join(phrase.split()[:4]),
    ):
        assert secret.encode() not in everything, secret
    assert len(tokens) == 3
    assert rows_of(made.path / STORE_FILE, "SELECT count(token) FROM ticket") == [(0,)]
    work = made.path / WORK_FILE
    assert rows_of(work, "SELECT account, action FROM audit WHERE action = 'logged_in'") == [
        ("hoa", "logged_in")
    ]
    (body,) = rows_of(work, "SELECT body FROM report_settings")[0]
    assert body == b'{"letterhead":"centre","mail":{"host":"mail.vn"}}'
    identity = unseal((made.path / IDENTITY_FILE).read_bytes(), phrase)
    assert str(password).encode() in identity
    assert "khóa của trung tâm".encode() in identity
    assert b"thu-bi-mat" in identity


def test_without_a_phrase_there_is_no_identity(server: SimpleNamespace, tmp_path: Path) -> None:
    made = make_backup(server.source, tmp_path / "to", KEEP, server.world())
    assert not (made.path / IDENTITY_FILE).exists()


def test_what_is_damaged_later_is_noticed(server: SimpleNamespace, tmp_path: Path) -> None:
    made = make_backup(server.source, tmp_path / "to", KEEP, server.world())
    content = bytearray((made.path / STORE_FILE).read_bytes())
    content[len(content) // 2] ^= 1
    (made.path / STORE_FILE).write_bytes(content)
    with pytest.raises(BackupError, match="wait_log"):
        check_files(made.path, made.manifest)
    (made.path / STORE_FILE).unlink()
    with pytest.raises(BackupError):
        check_files(made.path, made.manifest)
    (made.path / MANIFEST_FILE).write_text("{}")
    assert backups_in(tmp_path / "to") == []


def test_a_damaged_store_is_no_backup(server: SimpleNamespace, tmp_path: Path) -> None:
    server.stop()
    with closing(sqlite3.connect(server.data / STORE_FILE)) as db:
        db.execute("UPDATE event SET body = '{}' WHERE seq = 3")
        db.commit()
    with pytest.raises(BackupError, match="denluot verify"):
        make_backup(server.source, tmp_path / "to", KEEP, server.world())
    assert [path.name for path in (tmp_path / "to").iterdir()] == [".lock"]


def test_old_backups_are_kept_by_days_and_go_in_the_end(
    server: SimpleNamespace, tmp_path: Path
) -> None:
    keep = Keep(days=3, weeks=0, months=0, always=2)
    for _ in range(5):
        made = make_backup(server.source, tmp_path / "to", keep, server.world())
        server.advance(days=1)
    assert len(made.removed) == 1
    assert [one.number for one, _ in backups_in(tmp_path / "to")] == [5, 4, 3]


def test_a_clock_that_is_wrong_costs_no_backup(server: SimpleNamespace, tmp_path: Path) -> None:
    """Made in 2019 by its name, it is the newest all the same."""
    folder = tmp_path / "to"
    for _ in range(4):
        make_backup(server.source, folder, Keep(2, 0, 0), server.world())
        server.advance(days=1)
    server.advance(days=-2500)
    made = make_backup(server.source, folder, Keep(2, 0, 0), server.world())
    newest, path = backups_in(folder)[0]
    assert (path, newest.number) == (made.path, 5)
    assert [one.number for one, _ in backups_in(folder)] == [5, 4, 3]


def test_a_full_disk_loses_the_oldest_and_never_the_newest(
    server: SimpleNamespace, tmp_path: Path
) -> None:
    folder = tmp_path / "to"
    for _ in range(5):
        make_backup(server.source, folder, KEEP, server.world())
        server.advance(days=1)
    free = iter([0, 0, 1 << 40, 1 << 40])
    make_backup(server.source, folder, KEEP, server.world(free_bytes=lambda _path: next(free)))
    assert [one.number for one, _ in backups_in(folder)] == [6, 5, 4, 3]
    with pytest.raises(NoRoomError, match="MB"):
        make_backup(server.source, folder, KEEP, server.world(free_bytes=lambda _path: 0))
    assert [one.number for one, _ in backups_in(folder)] == [6, 5, 4]


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO, errno.EACCES])
def test_a_disk_that_refuses_half_way_is_told_and_leaves_no_rest(
    server: SimpleNamespace, tmp_path: Path, code: int
) -> None:
    folder = tmp_path / "to"
    first = make_backup(server.source, folder, KEEP, server.world())

    def refuse(name: str) -> None:
        if name == "identity":
            raise OSError(code, os.strerror(code))

    with pytest.raises(BackupError) as refused:
        make_backup(server.source, folder, KEEP, server.world(failpoint=refuse))
    assert isinstance(refused.value, NoRoomError) == (code == errno.ENOSPC)
    assert "{" not in refused.value.said(EN)
    assert {path.name for path in folder.iterdir()} == {".lock", first.path.name}


def test_two_at_once_make_one(server: SimpleNamespace, tmp_path: Path) -> None:
    folder = tmp_path / "to"

    def second(name: str) -> None:
        if name == "store":
            with pytest.raises(BackupBusyError):
                make_backup(server.source, folder, KEEP, server.world())

    make_backup(server.source, folder, KEEP, server.world(failpoint=second))
    assert len(backups_in(folder)) == 1


def test_a_store_that_grows_meanwhile_is_of_one_moment(
    server: SimpleNamespace, tmp_path: Path
) -> None:
    def grow(name: str) -> None:
        if name in ("store", "staff"):
            server.take()

    made = make_backup(server.source, tmp_path / "to", KEEP, server.world(failpoint=grow))
    assert made.manifest.store.rows["ticket"] == 3


def test_a_stick_gets_a_copy_that_is_proven(server: SimpleNamespace, tmp_path: Path) -> None:
    made = make_backup(server.source, tmp_path / "to", KEEP, server.world())
    stick = tmp_path / "stick"
    for _ in range(2):  # again does no harm
        copied = copy_backup(made.path, made.manifest, stick, KEEP)
    assert read_manifest(copied) == made.manifest
    check_files(copied, made.manifest)
    with pytest.raises(BackupError):
        copy_backup(made.path, made.manifest, made.path / STORE_FILE / "gone", KEEP)


def test_a_stick_is_found_by_its_label(tmp_path: Path) -> None:
    labels, mounts = tmp_path / "by-label", tmp_path / "mounts"
    labels.mkdir()
    mounts.write_text("")
    with pytest.raises(BackupError, match="DENLUOT"):
        stick_folder(by_label=labels, mounts=mounts)
    device = tmp_path / "sdb1"
    device.touch()
    (labels / "DENLUOT").symlink_to(device)
    with pytest.raises(BackupError, match="sdb1"):
        stick_folder(by_label=labels, mounts=mounts)
    mounts.write_text(f"proc /proc proc rw 0 0\n{device} /media/a\\040b vfat rw 0 0\n")
    assert stick_folder(by_label=labels, mounts=mounts) == Path("/media/a b/denluot-backup")


def test_a_stick_that_is_mounted_when_somebody_looks_is_looked_at(tmp_path: Path) -> None:
    labels, device, mounts = tmp_path / "by-label", tmp_path / "sdb1", tmp_path / "mounts"
    labels.mkdir()
    device.touch()
    mounts.write_text("")
    (labels / "DENLUOT").symlink_to(device)

    class Automount(type(tmp_path)):  # type: ignore[misc] # the platform's path
        def iterdir(self) -> Iterator[Path]:
            mounts.write_text(f"{device} {self} vfat rw 0 0\n")
            return iter(())

    found = stick_folder(by_label=labels, mounts=mounts, places=[Automount(tmp_path, "media")])
    assert found == tmp_path / "media" / "DENLUOT" / "denluot-backup"


@pytest.mark.skipif(not shutil.which("rsync"), reason="rsync is not installed")
def test_another_machine_proves_what_it_was_sent(server: SimpleNamespace, tmp_path: Path) -> None:
    """With a program in place of ssh that runs here what it would run there."""
    ssh = tmp_path / "ssh"
    ssh.write_text(
        '#!/bin/sh\nuntil [ "${1#u@}" = kiosk ]; do shift; done\nshift\nexec sh -c "$*"\n'
    )
    ssh.chmod(0o755)
    made = make_backup(server.source, tmp_path / "to", KEEP, server.world())
    machine = OtherMachine.parse(f"u@kiosk:{tmp_path}/there")
    for _ in range(2):
        machine.send(made.path, made.manifest, Run(), str(ssh))
    there = tmp_path / "there" / made.path.name
    assert read_manifest(there) == made.manifest
    (made.path / WORK_FILE).write_bytes(b"not what the manifest says")
    shutil.rmtree(there)
    with pytest.raises(BackupError, match="ssh"):
        machine.send(made.path, made.manifest, Run(), str(ssh))
    assert not there.exists()


@pytest.mark.parametrize("text", ["kiosk", "u@kiosk:", "u@-oProxy=x:dir", "u@k:a b", "u;x@k:d"])
def test_an_address_is_no_way_into_a_shell(text: str) -> None:
    with pytest.raises(BackupError):
        OtherMachine.parse(text)


def test_the_state_of_backups_is_kept_for_people(
    server: SimpleNamespace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "no backup" in age_text(read_status(server.data), server.now(), EN)
    job = Job(server.source, tmp_path / "to", KEEP, Places())
    back_up(job, server.world(), EN)
    assert "Backed up" in capsys.readouterr().out
    status = read_status(server.data)
    assert status is not None
    assert not status.is_old(server.now())
    server.advance(hours=40)
    assert status.is_old(server.now())
    assert "40" in age_text(status, server.now(), EN)
    with pytest.raises(NoRoomError):
        back_up(job, server.world(free_bytes=lambda _path: 0), EN)
    failed = read_status(server.data)
    assert failed is not None
    assert (failed.good_at, failed.tried_at) == (status.good_at, server.now())
    assert "MB" in failed.said(EN)


def test_a_stick_that_is_not_there_fails_only_who_asked_for_it(
    server: SimpleNamespace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    job = Job(server.source, tmp_path / "to", KEEP, Places(stick="NOSUCHLABEL"))
    with pytest.raises(BackupError, match="NOSUCHLABEL"):
        back_up(job, server.world(), EN)
    quiet = Job(server.source, tmp_path / "to", KEEP, Places(stick="NOSUCHLABEL", required=False))
    back_up(quiet, server.world(), EN)
    status = read_status(server.data)
    assert status is not None
    assert status.good_at is not None
    assert "NOSUCHLABEL" in status.said(EN)
    assert "NOSUCHLABEL" in capsys.readouterr().err


def run_backup(server: SimpleNamespace, folder: Path, failpoint: str = "") -> int:
    environment = os.environ | {"DENLUOT_FAILPOINT": failpoint}
    arguments = ["--data", str(server.data), "--to", str(folder)]
    program = [sys.executable, "-m", "provisioning.backup", *arguments]
    return subprocess.run(program, env=environment, check=False, capture_output=True).returncode


def attack(server: SimpleNamespace, folder: Path, steps: tuple[str, ...]) -> None:
    assert run_backup(server, folder) == 0
    for step in steps:
        before = {path.name for _, path in backups_in(folder)}
        assert run_backup(server, folder, step) == 137
        whole = backups_in(folder)
        assert before <= {path.name for _, path in whole}
        for _, path in whole:
            check_files(path, read_manifest(path))
        assert run_backup(server, folder) == 0
        assert not list(folder.glob(".partial-*"))


def test_a_death_in_between_leaves_the_old_and_no_half(
    server: SimpleNamespace, tmp_path: Path
) -> None:
    attack(server, tmp_path / "to", ("before_manifest",))


@pytest.mark.full
def test_a_death_at_every_step_leaves_the_old_and_no_half(
    server: SimpleNamespace, tmp_path: Path
) -> None:
    attack(server, tmp_path / "to", STEPS)


@pytest.mark.full
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make a small disk")
def test_a_disk_that_runs_full_keeps_the_old(server: SimpleNamespace, tmp_path: Path) -> None:
    folder = tmp_path / "small"
    folder.mkdir()
    given = [str(folder), str(server.data), server.source.store]
    mounted = f'mount -t tmpfs -o size=900k none {folder} && exec {sys.executable} -c "$0" $@'
    program = ["unshare", "-m", "sh", "-c", mounted, UNTIL_FULL, *given]
    done = subprocess.run(program, capture_output=True, text=True, check=False)
    made, whole, partial = map(int, done.stdout.split() or "000")
    assert (made > 1, whole == made, partial) == (True, True, 0), done.stdout + done.stderr


def test_every_error_says_what_to_do_in_both_languages() -> None:
    for code in (errno.ENOSPC, errno.ENODEV, errno.EPERM):
        error = translated(OSError(code, os.strerror(code)), Path("/media/x"))
        assert "/media/x" in error.said(EN)
        assert error.said(EN) != error.said(Words("vi"))
