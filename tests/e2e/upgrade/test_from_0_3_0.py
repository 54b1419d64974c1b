"""A hall is upgraded, works, goes back to the version before and works: no number lost or twice."""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from appliance import trial
from bus.broker import mosquitto_program
from provisioning.layout import Layout
from provisioning.upgrade.hall_data import HallData
from queue_service.verify import verify
from wait_log.dialects import STORE_FILE, store_url
from wait_log.reader import open_reader

pytestmark = pytest.mark.full

ROOT = Path(__file__).parents[3]
SITE = "nhi-chieu"
AFTER = "99.0.0"
RunHall = Callable[[Path, Path], AbstractContextManager[Any]]


def numbers(data: Path) -> list[str]:
    """Return today's numbers of a store that proves itself."""
    with open_reader(store_url(data), SITE) as reader:
        assert verify(reader).problems == ()
        day = reader.latest_day()
        assert day is not None
        return sorted(ticket.number for ticket in reader.tickets(day).values())


def test_data_go_forward_and_the_code_may_go_back(
    first: Path, before: Path, run_hall: RunHall, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    with run_hall(first, data) as hall:
        given = [hall.take(), hall.take()]
        assert hall.call() == given[0]
    with run_hall(ROOT, data) as hall:
        given += [hall.take(), hall.take()]
        assert hall.call(2) == given[1]
    with run_hall(before, data) as hall:
        given.append(hall.take())
        assert hall.call(3) == given[2]
    assert numbers(data) == sorted(set(given))
    assert len(given) == 5


def test_the_trial_issues_calls_and_shows_and_the_hall_knows_nothing_of_it(
    before: Path, run_hall: RunHall, tmp_path: Path
) -> None:
    layout = Layout(tmp_path / "machine")
    with run_hall(before, layout.data) as hall:
        given = [hall.take(), hall.take()]
    bytes_before = hashlib.sha256((layout.data / STORE_FILE).read_bytes()).hexdigest()
    release = lay_release(layout.releases / AFTER, ROOT)
    trial = tmp_path / "trial"
    trial.mkdir()
    hall_data = HallData(layout, store_url(layout.data), SITE, os.environ)
    hall_data.copy(trial)
    hall_data.try_release(release, trial)
    said = (trial / "trial.log").read_text()
    assert "shown board=board-1" in said
    assert "pages well" in said
    assert len(numbers(trial)) == 3
    assert numbers(layout.data) == sorted(given)
    assert hashlib.sha256((layout.data / STORE_FILE).read_bytes()).hexdigest() == bytes_before


def test_a_machine_is_upgraded_by_one_command(
    before: Path, run_hall: RunHall, tmp_path: Path
) -> None:
    programs = ("gpg", "gpgv", "dpkg-deb", "apt-ftparchive")
    if lacking := [name for name in programs if shutil.which(name) is None]:
        pytest.skip(f"not installed: {', '.join(lacking)}")
    layout = Layout(tmp_path / "machine")
    with run_hall(before, layout.data) as hall:
        given = [hall.take()]
    lay_release(layout.releases / "0.2.0", before)
    layout.current.symlink_to("releases/0.2.0")
    layout.settings.mkdir(parents=True)
    layout.os_release.write_text("VERSION_CODENAME=bookworm\n")
    bundle = make_bundle(tmp_path, layout)
    command = [sys.executable, "-m", "appliance", "upgrade", str(bundle), "--root"]
    command += [str(layout.root), "--force"]
    done = subprocess.run(
        command,
        cwd=ROOT,
        capture_output=True,
        text=True,
        env={**os.environ, "LANG": "en_US.UTF-8"},
        timeout=500,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"Done: version {AFTER} is running." in done.stdout
    assert layout.current.readlink() == Path(f"releases/{AFTER}")
    assert (layout.releases / "0.2.0").exists()
    assert len(list(layout.backups.glob("*/*wait_log*.db"))) == 1
    assert not (layout.upgrade / "trial").exists()
    assert numbers(layout.data) == given


def lay_release(release: Path, sources: Path) -> Path:
    """Lay a release out whose launcher runs `sources`."""
    launcher = release / "bin/denluot"
    launcher.parent.mkdir(parents=True)
    launcher.write_text(
        f'#!/bin/sh\nexport PYTHONPATH="{sources}"\nexec "{sys.executable}" -m appliance "$@"\n'
    )
    launcher.chmod(0o755)
    return release


def make_bundle(folder: Path, layout: Layout) -> Path:
    """Return a signed stick with a release of this checkout, whose key the machine trusts."""
    stage, bundle = folder / "stage", folder / "bundle"
    suite = bundle / "bookworm"
    suite.mkdir(parents=True)
    lay_release(stage / "opt/denluot/releases" / AFTER, ROOT)
    (stage / "DEBIAN").mkdir()
    (stage / "DEBIAN/control").write_text(
        f"Package: denluot-{AFTER}\nVersion: {AFTER}+deb12\nArchitecture: all\n"
        "Maintainer: nobody <nobody@example.org>\nDescription: this checkout\n"
    )
    environment = {**os.environ, "GNUPGHOME": str(folder / "keys")}
    (folder / "keys").mkdir(mode=0o700)

    def run(*program: str) -> bytes:
        done = subprocess.run(program, cwd=suite, env=environment, capture_output=True, check=True)
        return done.stdout

    run("dpkg-deb", "--root-owner-group", "--build", str(stage), str(suite))
    (suite / "Packages").write_bytes(run("apt-ftparchive", "packages", "."))
    codename = "APT::FTPArchive::Release::Codename=bookworm"
    (suite / "Release").write_bytes(run("apt-ftparchive", "-o", codename, "release", "."))
    gpg = ("gpg", "--batch", "--quiet", "--passphrase", "")
    run(*gpg, "--quick-gen-key", "test", "ed25519", "sign", "0")
    run(*gpg, "--clearsign", "--output", "InRelease", "Release")
    layout.archive_key.write_bytes(run(*gpg, "--export"))
    run("gpgconf", "--kill", "gpg-agent")
    return bundle


def test_a_server_without_screens_is_tried_with_a_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if mosquitto_program() is None:
        pytest.skip("mosquitto is not installed")
    monkeypatch.setattr(trial, "_screens_load", lambda: False)
    said: list[str] = []
    trial.try_centre(tmp_path, None, said.append)
    assert said[-2].endswith("shown board=page")
    assert "kiosk" not in said
