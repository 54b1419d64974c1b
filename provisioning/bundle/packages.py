"""Our two Debian packages: what lies where in them, and their control files."""

import gzip
import hashlib
import re
import shutil
import stat
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path

from provisioning.bundle.lists import packages_of
from provisioning.bundle.suites import Suite
from provisioning.bundle.tools import BundleError, Tools
from provisioning.layout import Layout
from provisioning.roles import Role

LOCK = "requirements.lock"
_RUNTIME_VERSION = "1"
"""Of no release: the name says what is in it. Were it a release's, the next one with the same lock
would replace the package that the release before depends on, and apt would take that one away."""
_PLACE = re.compile(r"@([a-z]+)@")
_MAINTAINER = "Đến Lượt <maintainers@denluot.invalid>"
_SCRIPTS = ("postinst", "postrm", "prerm", "preinst")


@dataclass(frozen=True, slots=True)
class Product:
    """What is packed: a checkout, and for which suite and processor."""

    source: Path
    release: str
    suite: Suite
    architecture: str

    @property
    def runtime(self) -> str:
        """Return the first twelve digits of the lock's SHA-256, which name its runtime."""
        return hashlib.sha256((self.source / LOCK).read_bytes()).hexdigest()[:12]

    @property
    def recipes(self) -> Path:
        """Return the folder of the recipes and of the lists of Debian packages."""
        return self.source / "deploy/packages"

    @property
    def runtime_folder(self) -> Path:
        """Return where the runtime lies on an installed machine."""
        return Layout().runtimes / self.runtime

    @property
    def release_folder(self) -> Path:
        """Return where the release lies on an installed machine."""
        return Layout().releases / self.release

    @property
    def words(self) -> Mapping[str, str]:
        """Return what a recipe's @words@ stand for."""
        return {
            "release": self.release,
            "runtime": self.runtime,
            "version": f"{self.release}+{self.suite.revision}",
            "runtimeversion": f"{_RUNTIME_VERSION}+{self.suite.revision}",
            "architecture": self.architecture,
            "maintainer": _MAINTAINER,
            "python": self.suite.interpreter,
            "roles": "\n".join(
                f"Denluot-Role-{role}: {', '.join(packages_of(role, self.recipes))}"
                for role in Role
            ),
        }


def lay_out_release(product: Product, wheel: Path, root: Path) -> None:
    """Lay the release out below `root`: our wheel on the runtime, launchers, `deploy/`.

    Its interpreter is a virtual environment of its own without anything but our packages and the
    path of the runtime's, so that `sys.executable` names this release also after an upgrade.
    """
    folder = root / product.release_folder.relative_to("/")
    packages = f"lib/{product.suite.interpreter}/site-packages"
    venv = product.release_folder / "venv"
    ours = folder / "venv" / packages
    ours.mkdir(parents=True)
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(ours)
    (ours / "denluot-runtime.pth").write_text(f"{product.runtime_folder / packages}\n")
    (folder / "venv/pyvenv.cfg").write_text(
        "home = /usr/bin\ninclude-system-site-packages = false\n"
    )
    (folder / "venv/bin").mkdir()
    (folder / "venv/bin/python").symlink_to(f"/usr/bin/{product.suite.interpreter}")
    _launcher(folder / "bin/python", f'exec {venv}/bin/python "$@"')
    _launcher(folder / "bin/denluot", f'exec {venv}/bin/python -m appliance "$@"')
    recipes = shutil.ignore_patterns(product.recipes.name)
    shutil.copytree(product.source / "deploy", folder / "share", ignore=recipes)
    shutil.copy(product.source / LOCK, folder / "share")
    shutil.copy(product.source / "docs/licences.md", folder / "share")


def build(product: Product, recipe: str, stage: Path, output: Path, tools: Tools) -> Path:
    """Make a package of what lies in `stage` by its recipe in `deploy/packages`; return it."""
    recipes = product.recipes / recipe
    control = _filled(recipes / "control", product.words)
    name, version = (line.partition(": ")[2] for line in control.splitlines()[:2])
    made_at = datetime.fromtimestamp(int(tools.environment["SOURCE_DATE_EPOCH"]), UTC)
    _documents(recipes, f"{name} ({version})", stage, product, made_at)
    _usual_modes(stage)
    debian = stage / "DEBIAN"
    debian.mkdir(mode=0o755)
    sums = _md5sums(stage)
    (debian / "md5sums").write_text(sums)
    size = sum(path.lstat().st_size for path in _files(stage)) // 1024
    (debian / "control").write_text(
        control.replace("\nDepends:", f"\nInstalled-Size: {size}\nDepends:", 1)
    )
    for script in _SCRIPTS:
        if (recipes / script).exists():
            (debian / script).write_text(_filled(recipes / script, product.words))
            (debian / script).chmod(0o755)
    file = output / f"{name}_{version}_{product.architecture}.deb"
    tools.run("dpkg-deb", "--root-owner-group", "-Zgzip", "-z5", "--build", stage, file)
    return file


def _documents(
    recipes: Path, package: str, stage: Path, product: Product, made_at: datetime
) -> None:
    """Lay copyright, change log and what lintian is told to overlook where Debian looks for it."""
    name = package.partition(" ")[0]
    documents = stage / "usr/share/doc" / name
    documents.mkdir(parents=True)
    shutil.copy(recipes / "copyright", documents)
    overrides = stage / "usr/share/lintian/overrides"
    overrides.mkdir(parents=True)
    lines = (recipes / "lintian-overrides").read_text(encoding="utf-8").splitlines()
    named = [line if line.startswith("#") else f"{name}: {line}" for line in lines]
    (overrides / name).write_text("\n".join([*named, ""]), encoding="utf-8")
    shutil.copy(product.source / "CHANGELOG.md", documents)
    changed = (
        f"{package} {product.suite.codename}; urgency=medium\n\n"
        "  * What changed for operators: CHANGELOG.md beside this file.\n\n"
        f" -- {_MAINTAINER}  {format_datetime(made_at)}\n"
    )
    (documents / "changelog.gz").write_bytes(gzip.compress(changed.encode(), mtime=0))


def _launcher(file: Path, line: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"#!/bin/sh\n{line}\n")
    file.chmod(0o755)


def _filled(recipe: Path, words: Mapping[str, str]) -> str:
    """Return a recipe with every @word@ replaced; raises BundleError for one that nobody knows."""
    text = recipe.read_text(encoding="utf-8")
    unknown = set(_PLACE.findall(text)) - set(words)
    if unknown:
        raise BundleError(f"{recipe}: @{'@, @'.join(sorted(unknown))}@ stands for nothing")
    return _PLACE.sub(lambda found: words[found[1]], text)


def _usual_modes(stage: Path) -> None:
    """Let everybody read everything and nobody write, whatever the umask of the builder."""
    for path in [stage, *stage.rglob("*")]:
        if path.is_symlink():
            continue
        runs = path.is_dir() or path.stat().st_mode & stat.S_IXUSR
        path.chmod(0o755 if runs else 0o644)


def _files(stage: Path) -> Iterable[Path]:
    return sorted(path for path in stage.rglob("*") if path.is_file() and not path.is_symlink())


def _md5sums(stage: Path) -> str:
    """Return what `dpkg --verify` compares the files with: it finds damage, it proves nothing."""
    lines = (
        f"{hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()}"
        f"  {path.relative_to(stage)}\n"
        for path in _files(stage)
    )
    return "".join(lines)
