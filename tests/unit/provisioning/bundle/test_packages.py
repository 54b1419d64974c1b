"""Our two packages: what lies in them, what they ask for, and nothing of the builder's own."""

import hashlib
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from provisioning.bundle.packages import Product, build, lay_out_release
from provisioning.bundle.tools import BundleError, Tools


def field(package: Path, name: str) -> str:
    return subprocess.check_output(["dpkg-deb", "--field", package, name], text=True).strip()


def files(package: Path) -> dict[str, str]:
    """Return mode and owner of everything in a package by its path."""
    listed = subprocess.check_output(["dpkg-deb", "--contents", package], text=True)
    rows = [line.split(maxsplit=5) for line in listed.splitlines()]
    return {row[5].partition(" -> ")[0].rstrip("/"): f"{row[0]} {row[1]}" for row in rows}


@pytest.fixture
def application(debs: Path) -> Path:
    (found,) = debs.glob("denluot-0.3.0_*.deb")
    return found


def test_the_application_stands_in_a_folder_of_its_release(application: Path) -> None:
    there = files(application)
    ours = "./opt/denluot/releases/0.3.0"
    packages = f"{ours}/venv/lib/python3.11/site-packages"
    assert f"{packages}/appliance/__init__.py" in there
    assert f"{packages}/denluot-0.3.0.dist-info/METADATA" in there
    assert f"{ours}/share/units/denluot-service.service" in there
    assert f"{ours}/share/udev/60-denluot-keypads.rules" in there
    assert f"{ours}/share/sysusers.d/denluot.conf" in there
    assert f"{ours}/share/tmpfiles.d/denluot.conf" in there
    assert f"{ours}/share/sbom.cdx.json" in there
    outside = [path for path in there if not path.startswith("./opt/denluot") and "." in path[2:]]
    assert not [path for path in outside if not path.startswith("./usr/share/")], outside


def test_all_of_it_is_roots_and_nobody_else_writes_there(application: Path) -> None:
    for path, said in files(application).items():
        mode, owner = said.split()
        assert owner == "root/root", path
        assert mode[0] == "l" or mode[5] + mode[8] == "--", path


def test_it_asks_for_the_runtime_of_its_lock(application: Path, product: Product) -> None:
    lock = hashlib.sha256((product.source / "requirements.lock").read_bytes()).hexdigest()
    depends = field(application, "Depends")
    assert depends.startswith(f"denluot-runtime-{lock[:12]} (= 1+deb12)"), depends


def test_two_releases_of_one_lock_stand_on_the_same_runtime(
    product: Product, application: Path, tools: Tools, tmp_path: Path
) -> None:
    later = replace(product, release="0.4.0")
    (tmp_path / "stage").mkdir()
    runtime = build(later, "runtime", tmp_path / "stage", tmp_path, tools)
    wanted = f"{field(runtime, 'Package')} (= {field(runtime, 'Version')})"
    assert field(application, "Depends").startswith(wanted)
    assert field(runtime, "Version") in runtime.name


def test_the_launcher_names_its_release_and_not_the_link(
    product: Product, wheel: Path, tmp_path: Path
) -> None:
    lay_out_release(product, wheel, tmp_path)
    release = tmp_path / "opt/denluot/releases/0.3.0"
    launcher = (release / "bin/python").read_text()
    assert "exec /opt/denluot/releases/0.3.0/venv/bin/python" in launcher
    assert "/current/" not in launcher
    runtime = (release / "venv/lib/python3.11/site-packages/denluot-runtime.pth").read_text()
    assert runtime == f"{product.runtime_folder}/lib/python3.11/site-packages\n"


def test_the_same_sources_make_the_same_package(
    product: Product, wheel: Path, tools: Tools, tmp_path: Path
) -> None:
    made = []
    for name in ("one", "two"):
        lay_out_release(product, wheel, tmp_path / name)
        (tmp_path / f"{name}-deb").mkdir()
        made.append(build(product, "application", tmp_path / name, tmp_path / f"{name}-deb", tools))
    assert made[0].read_bytes() == made[1].read_bytes()


def test_damage_is_found_by_dpkg(application: Path, tmp_path: Path) -> None:
    subprocess.check_call(["dpkg-deb", "--raw-extract", application, tmp_path / "raw"])
    sums = tmp_path / "raw/DEBIAN/md5sums"
    check = ["md5sum", "--quiet", "--check", str(sums)]
    subprocess.check_call(check, cwd=tmp_path / "raw")
    (tmp_path / "raw/opt/denluot/releases/0.3.0/bin/python").write_text("#!/bin/sh\n")
    assert subprocess.run(check, cwd=tmp_path / "raw", check=False).returncode == 1


def test_a_word_that_stands_for_nothing_is_refused(
    product: Product, tools: Tools, tmp_path: Path
) -> None:
    recipes = tmp_path / "deploy/packages/odd"
    recipes.mkdir(parents=True)
    (recipes / "control").write_text("Package: odd\nVersion: @nothing@\n")
    for name in product.recipes.glob("*.list"):
        (recipes.parent / name.name).write_text(name.read_text())
    (tmp_path / "requirements.lock").write_text("")
    odd = replace(product, source=tmp_path)
    with pytest.raises(BundleError, match="@nothing@"):
        build(odd, "odd", tmp_path / "stage", tmp_path, tools)


def test_a_failing_tool_is_heard(product: Product, tools: Tools, tmp_path: Path) -> None:
    (tmp_path / "stage").mkdir()
    with pytest.raises(BundleError, match="dpkg-deb: exit"):
        build(product, "runtime", tmp_path / "stage", tmp_path / "no/such/folder", tools)
