"""Sticks of releases to come, made out of a stick that is there and this checkout.

    from tests.site.newer import make_newer

The release is built anew with another version; its runtime and Debian's packages are the stick's.
"""

import os
import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from config import Clock
from provisioning.bundle.packages import Product, build, lay_out_release
from provisioning.bundle.repository import PUBLIC_KEY, SigningKey, write_index
from provisioning.bundle.suites import SUITES
from provisioning.bundle.tools import Tools

ROOT = Path(__file__).parents[2]
_NOT_COPIED = shutil.ignore_patterns(".*", "__pycache__", "tests", "var", "build", "*.pyc")
_VERSION = re.compile(r'^version = ".*"$', re.MULTILINE)
_APPLICATION = "denluot-[0-9]*.deb"

Change = Callable[[Path], None]
"""Changes the sources of a release."""


def new_tools(log: Path) -> Tools:
    """Return the tools of a bundle, which write down what they say."""
    kept = {name: value for name, value in os.environ.items() if name.startswith("PIP_")}
    epoch = str(int(Clock().now().timestamp()))
    path = "/usr/sbin:/usr/bin:/sbin:/bin"
    fixed = {"PATH": path, "LANG": "C.UTF-8", "HOME": "/root", "SOURCE_DATE_EPOCH": epoch}
    return Tools(log, {**fixed, **kept})


def copy_stick(stick: Path, target: Path) -> None:
    """Copy a stick; what is large is linked where the disk is the same."""
    shutil.copytree(stick, target, copy_function=_link)


def make_newer(
    stick: Path, suite: str, version: str, target: Path, key: SigningKey, change: Change
) -> None:
    """Make a stick with `version` of this checkout, changed by `change`, for one suite."""
    tools = new_tools(target.with_name(f"{target.name}.log"))
    source = target.with_name(f"{target.name}-source")
    shutil.copytree(ROOT, source, ignore=_NOT_COPIED)
    project = source / "pyproject.toml"
    project.write_text(_VERSION.sub(f'version = "{version}"', project.read_text(), count=1))
    change(source)
    folder = target / suite
    copy_stick(stick / suite, folder)
    for old in folder.glob(_APPLICATION):
        old.unlink()
    wheels = target.with_name(f"{target.name}-wheel")
    pip = (sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation")
    tools.run(*pip, "--wheel-dir", wheels, source)
    (wheel,) = wheels.glob("*.whl")
    architecture = tools.output("dpkg", "--print-architecture").decode().strip()
    product = Product(source, version, SUITES[suite], architecture)
    if not any(folder.glob(f"denluot-runtime-{product.runtime}_*.deb")):
        raise ValueError(f"{stick}: was made with another lock; make it again: denluot bundle")
    stage = target.with_name(f"{target.name}-stage")
    lay_out_release(product, wheel, stage)
    if interpreter := shutil.which(product.suite.interpreter, path="/usr/bin"):
        compiled = stage / product.release_folder.relative_to("/") / "venv/lib"
        how = ("-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash")
        tools.run(interpreter, *how, compiled)
    build(product, "application", stage, folder, tools)
    write_index(folder, suite, Clock().now(), key, tools)
    (target / PUBLIC_KEY).write_bytes(key.public)
    for rest in (source, wheels, stage):
        shutil.rmtree(rest)


def nothing(_source: Path) -> None:
    """Change nothing."""


def break_service_unit(source: Path) -> None:
    """Let the service's unit say a word that the service does not know.

    No trial sees it, as a trial starts the processes itself.
    """
    unit = source / "deploy/units/denluot-service.service"
    said = unit.read_text()
    broken = said.replace("-m queue_service --device ", "-m queue_service --gone --device ")
    if broken == said:
        raise ValueError(f"{unit} starts no queue_service")
    unit.write_text(broken)


def _link(source: str, target: str) -> str:
    try:
        os.link(source, target)
    except OSError:
        return shutil.copyfile(source, target)
    return target
