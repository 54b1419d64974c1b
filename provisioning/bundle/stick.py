"""What is done for each suite of a stick, one step after the other."""

import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from hall.words import N_
from provisioning.bundle.lists import packages_of
from provisioning.bundle.packages import LOCK, Product, build, lay_out_release
from provisioning.bundle.repository import PUBLIC_KEY, SigningKey, write_index
from provisioning.bundle.suites import Suite
from provisioning.bundle.tools import Tools
from provisioning.bundle.tree import BUILD, Tree
from provisioning.roles import Role

STEPS = {
    "tree": N_("dựng một Debian sạch"),
    "runtime": N_("cài thư viện theo khóa băm"),
    "release": N_("đóng gói chương trình"),
    "debian": N_("tải các gói Debian cần thiết"),
    "index": N_("lập mục lục và ký"),
    "trial": N_("thử cài từ thẻ nhớ"),
}
INSTALLER = "install.sh"
_NO_PROGRAM = r"\.tmpl\.py$"
"""Templates that PySide6 carries."""

Tell = Callable[[str, str], None]
"""Told the suite and the step that begins."""


@dataclass(frozen=True, slots=True)
class Order:
    """What a bundle is made from, where, and for whom."""

    source: Path
    release: str
    output: Path
    work: Path
    cache: Path
    mirror: str
    security: str
    architecture: str
    pip: Mapping[str, str]
    """What pip is told on this machine: its index, proxy and certificates."""
    now: Callable[[], datetime]
    tools: Tools


def make_stick(order: Order, suites: list[Suite], key: SigningKey, tell: Tell) -> None:
    """Make the repository of every suite in turn, then lay key and installer beside them."""
    order.output.mkdir(parents=True, exist_ok=True)
    wheels = order.work / "wheel"
    pip = (sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation")
    order.tools.run(*pip, "--wheel-dir", wheels, order.source)
    (wheel,) = wheels.glob("*.whl")
    for suite in suites:
        folder = _make_suite(order, suite, wheel, key, tell)
        _replace(folder, order.output / suite.codename)
    (order.output / PUBLIC_KEY).write_bytes(key.public)
    shutil.copyfile(order.source / "deploy" / INSTALLER, order.output / INSTALLER)


def _make_suite(order: Order, suite: Suite, wheel: Path, key: SigningKey, tell: Tell) -> Path:
    """Return the finished repository of one suite, still in the work folder."""
    product = Product(order.source, order.release, suite, order.architecture)
    root = order.work / suite.codename
    tree = Tree(root, suite, order.cache, order.tools, order.pip)
    tell(suite.codename, "tree")
    tree.bootstrap(order.mirror, order.security)
    stick = tree.inside(BUILD) / "stick"
    folder = stick / suite.codename
    folder.mkdir(parents=True)
    tell(suite.codename, "runtime")
    _install_runtime(tree, product)
    tell(suite.codename, "release")
    lay_out_release(product, wheel, root)
    _compile(tree, product.release_folder / "venv/lib")
    tree.run(product.release_folder / "bin/denluot", "--help")
    for recipe, ours in (
        ("runtime", product.runtime_folder),
        ("application", product.release_folder),
    ):
        stage = root / BUILD.relative_to("/") / recipe
        packed = stage / ours.relative_to("/")
        packed.parent.mkdir(parents=True)
        tree.inside(ours).rename(packed)
        build(product, recipe, stage, folder, order.tools)
    tell(suite.codename, "debian")
    _download_debian(tree, product, BUILD / "stick" / suite.codename)
    tell(suite.codename, "index")
    write_index(folder, suite.codename, order.now(), key, order.tools)
    tell(suite.codename, "trial")
    (stick / PUBLIC_KEY).write_bytes(key.public)
    shutil.copyfile(order.source / "deploy" / INSTALLER, stick / INSTALLER)
    installer = ("sh", BUILD / "stick" / INSTALLER, "--check", "--role", Role.ALL)
    tree.run(*installer, "--fingerprint", key.sha256)
    return folder


def _install_runtime(tree: Tree, product: Product) -> None:
    shutil.copy(product.source / LOCK, tree.inside(BUILD))
    pip, folder = BUILD / "pip", product.runtime_folder
    interpreter = product.suite.interpreter
    tree.run(interpreter, "-m", "venv", pip)
    tree.run(interpreter, "-m", "venv", "--without-pip", folder)
    install = ("install", "--quiet", "--no-compile", "--require-hashes", "--only-binary=:all:")
    own = ("--python", folder / "bin/python", "--cache-dir", BUILD / "cache/pip")
    tree.run(pip / "bin/pip", *own, *install, "-r", BUILD / LOCK)
    _compile(tree, folder / "lib")


def _compile(tree: Tree, folder: Path) -> None:
    """Bring byte code along: nobody may write there later, and small boxes start slowly without."""
    how = ("-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash", "-j", "0")
    tree.run(tree.suite.interpreter, *how, "-x", _NO_PROGRAM, folder)


def _download_debian(tree: Tree, product: Product, folder: Path) -> None:
    """Fetch all that any role needs, and what that needs, as if nothing were installed yet.

    A box whose Debian is older than the stick gets the matching libraries with them.
    """
    nothing = BUILD / "nothing-installed"
    tree.inside(nothing).touch()
    (tree.inside(folder) / "partial").mkdir()
    options = {
        "Dir::State::status": nothing,
        "Dir::Cache::archives": folder,
        "APT::Sandbox::User": "root",
        "APT::Install-Recommends": "false",
    }
    given = [word for name, value in options.items() for word in ("-o", f"{name}={value}")]
    wanted = [*packages_of(Role.ALL, product.recipes), *_depends(tree, product)]
    tree.run("apt-get", "-qq", "-y", "--download-only", *given, "install", *wanted)
    shutil.rmtree(tree.inside(folder) / "partial")
    (tree.inside(folder) / "lock").unlink(missing_ok=True)


def _depends(tree: Tree, product: Product) -> list[str]:
    """Return what our own packages depend on, apart from each other."""
    folder = tree.inside(BUILD) / "stick" / product.suite.codename
    fields = [
        tree.tools.output("dpkg-deb", "--field", package, "Depends").decode()
        for package in sorted(folder.glob("denluot-*.deb"))
    ]
    names = [depend.split()[0] for field in fields for depend in field.strip().split(",")]
    return [name for name in names if not name.startswith("denluot-")]


def _replace(folder: Path, target: Path) -> None:
    """Copy a finished repository over the one of an earlier bundle, which stays until then."""
    draft = target.with_name(f"{target.name}.new")
    shutil.rmtree(draft, ignore_errors=True)
    shutil.copytree(folder, draft, copy_function=shutil.copyfile)
    shutil.rmtree(target, ignore_errors=True)
    draft.rename(target)
