"""Packages without a stick are taken at a person's word, if they are what they must be."""

import hashlib
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from provisioning.layout import Layout
from provisioning.upgrade.errors import UpgradeError
from provisioning.upgrade.loose_packages import digests, read_loose
from provisioning.upgrade.machine import run_program
from provisioning.upgrade.offer import Offer

RUNTIME = "denluot-runtime-0123456789ab"
NEEDS = f"{RUNTIME} (= 0.3.0+deb12), python3.11"


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    if shutil.which("dpkg-deb") is None:
        pytest.skip("dpkg-deb is not installed")
    layout = Layout(tmp_path / "machine")
    layout.os_release.parent.mkdir(parents=True)
    layout.os_release.write_text("VERSION_CODENAME=bookworm\n")
    return layout


def package(folder: Path, name: str, depends: str = "", version: str = "0.3.0+deb12") -> Path:
    """Build a package with nothing in it."""
    stage = folder / f"stage-{name}"
    (stage / "DEBIAN").mkdir(parents=True)
    needs = f"Depends: {depends}\n" if depends else ""
    (stage / "DEBIAN/control").write_text(
        f"Package: {name}\nVersion: {version}\nArchitecture: all\n{needs}"
        "Maintainer: nobody <nobody@example.org>\nDescription: nothing\n"
    )
    file = folder / f"{name}.deb"
    build = ["dpkg-deb", "--root-owner-group", "--build", str(stage), str(file)]
    subprocess.run(build, check=True, capture_output=True)
    return file


def read(files: Sequence[Path], layout: Layout, *, unsigned: bool = True) -> Offer:
    return read_loose(files, layout, run_program, None, unsigned=unsigned)


def test_two_packages_are_a_release_at_a_persons_word(layout: Layout, tmp_path: Path) -> None:
    application = package(tmp_path, "denluot-0.3.0", NEEDS)
    runtime = package(tmp_path, RUNTIME)
    with pytest.raises(UpgradeError, match="--unsigned"):
        read([application, runtime], layout, unsigned=False)
    offer = read([application, runtime], layout)
    assert (offer.version, offer.package, offer.repository) == ("0.3.0", "denluot-0.3.0", None)
    assert offer.packages == (runtime, application)
    assert digests(offer)[0] == (runtime.name, hashlib.sha256(runtime.read_bytes()).hexdigest())


def test_the_runtime_may_be_here_already(layout: Layout, tmp_path: Path) -> None:
    application = package(tmp_path, "denluot-0.3.0", NEEDS)
    with pytest.raises(UpgradeError, match=RUNTIME):
        read([application], layout)
    (layout.runtimes / "0123456789ab").mkdir(parents=True)
    assert read([application], layout).packages == (application,)


def test_what_is_no_release_is_refused(layout: Layout, tmp_path: Path) -> None:
    runtime = package(tmp_path, RUNTIME)
    with pytest.raises(UpgradeError, match="đúng một"):
        read([runtime], layout)
    two = [package(tmp_path, "denluot-0.3.0"), package(tmp_path, "denluot-0.4.0")]
    with pytest.raises(UpgradeError, match="đúng một"):
        read(two, layout)
    with pytest.raises(UpgradeError, match="mosquitto"):
        read([two[0], package(tmp_path, "mosquitto")], layout)
    broken = tmp_path / "denluot-0.5.0.deb"
    broken.write_bytes(b"no package")
    with pytest.raises(UpgradeError, match="bị hỏng"):
        read([broken], layout)


def test_a_package_of_another_debian_is_refused(layout: Layout, tmp_path: Path) -> None:
    other = package(tmp_path, "denluot-0.3.0", version="0.3.0+deb13")
    with pytest.raises(UpgradeError, match="bookworm"):
        read([other], layout)
