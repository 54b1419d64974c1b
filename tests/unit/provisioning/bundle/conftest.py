"""A stick with packages of a few bytes: built, indexed and signed as the real ones are."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import pytest

from config import Clock
from provisioning.bundle.packages import Product, build, lay_out_release
from provisioning.bundle.repository import PUBLIC_KEY, signing_key, write_index
from provisioning.bundle.suites import SUITES
from provisioning.bundle.tools import Tools

ROOT = Path(__file__).parents[4]
BOOKWORM = SUITES["bookworm"]
PROGRAMS = ("apt-ftparchive", "apt-get", "dpkg-deb", "gpg", "gpgconf")
FOREIGN = ("ca-certificates", "libc6", "libgcc-s1", "libstdc++6", "python3.11", "tzdata")
"""What our recipes depend on; the role's own lists name `hello` alone here."""


@pytest.fixture(scope="session")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Tools:
    lacking = [name for name in PROGRAMS if not shutil.which(name)]
    if lacking:
        pytest.skip(f"not on this machine: {', '.join(lacking)}")
    environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "SOURCE_DATE_EPOCH": "1700000000"}
    return Tools(tmp_path_factory.mktemp("log") / "bundle.log", environment)


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Product:
    """Our own recipes, and lists of one package."""
    source = tmp_path_factory.mktemp("source")
    shutil.copytree(ROOT / "deploy", source / "deploy")
    for file in (source / "deploy/packages").glob("*.list"):
        file.write_text("hello\n")
    (source / "docs").mkdir()
    for name in ("requirements.lock", "CHANGELOG.md", "docs/licences.md"):
        shutil.copy(ROOT / name, source / name)
    return Product(source, "0.3.0", BOOKWORM, "amd64")


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("wheel") / "denluot-0.3.0-py3-none-any.whl"
    with ZipFile(file, "w") as archive:
        archive.writestr("appliance/__init__.py", "")
        archive.writestr("denluot-0.3.0.dist-info/METADATA", "Name: denluot\n")
    return file


@pytest.fixture(scope="session")
def debs(
    product: Product, wheel: Path, tools: Tools, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The folder of our two packages and of empty ones for all that they need."""
    work, folder = tmp_path_factory.mktemp("work"), tmp_path_factory.mktemp("debs")
    lay_out_release(product, wheel, work / "application")
    build(product, "application", work / "application", folder, tools)
    (work / "runtime" / product.runtime_folder.relative_to("/")).mkdir(parents=True)
    build(product, "runtime", work / "runtime", folder, tools)
    for name in (*FOREIGN, "hello"):
        control = work / name / "DEBIAN/control"
        control.parent.mkdir(parents=True)
        control.write_text(
            f"Package: {name}\nVersion: 99\nArchitecture: amd64\n"
            "Maintainer: Nobody <nobody@example.org>\nDescription: nothing\n"
        )
        tools.run("dpkg-deb", "-Znone", "--build", control.parent.parent, folder / f"{name}.deb")
    return folder


@pytest.fixture(scope="session")
def key_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("keys") / "private/bundle-key.asc"


@pytest.fixture(scope="session")
def whole_stick(
    debs: Path, key_file: Path, tools: Tools, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    folder = tmp_path_factory.mktemp("DEN LUOT")
    shutil.copytree(debs, folder / "bookworm")
    with signing_key(key_file, tools) as key:
        write_index(folder / "bookworm", "bookworm", Clock().now(), key, tools)
        (folder / PUBLIC_KEY).write_bytes(key.public)
    shutil.copy(ROOT / "deploy/install.sh", folder)
    return folder


@pytest.fixture
def stick(whole_stick: Path, tmp_path: Path) -> Path:
    """A stick that a test may spoil; its name has a space, as sticks' names do."""
    return shutil.copytree(whole_stick, tmp_path / "a stick")


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """The root of a Debian 12 without any package."""
    root = tmp_path / "machine"
    for folder in ("etc", "var/lib/dpkg"):
        (root / folder).mkdir(parents=True)
    (root / "etc/os-release").write_text("ID=debian\nVERSION_CODENAME=bookworm\n")
    (root / "var/lib/dpkg/status").touch()
    return root


@pytest.fixture
def install(stick: Path, machine: Path) -> Callable[..., tuple[int, str]]:
    """Run install.sh of the stick against the machine; return exit code and what it said."""

    def run(*options: str) -> tuple[int, str]:
        done = subprocess.run(
            ["sh", stick / "install.sh", "--root", machine, *options],
            text=True,
            capture_output=True,
            check=False,
            timeout=60,
        )
        return done.returncode, done.stdout + done.stderr

    return run
