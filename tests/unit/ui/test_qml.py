"""Every QML file passes qmllint without a warning, with the types that Python registers."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6 import __file__ as pyside_file

ROOT = Path(__file__).parents[3]
METATYPES = Path(pyside_file).parent / "Qt" / "metatypes"
FOREIGN = ("core", "gui", "qml", "quick")
MODULES = sorted(
    path.parent.relative_to(ROOT)
    for path in ROOT.glob("**/qmldir")
    if ".venv" not in path.parts and "build" not in path.parts
)


def tool(name: str) -> str:
    return str(Path(sys.executable).with_name(f"pyside6-{name}"))


def run(*command: str, cwd: Path = ROOT) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=cwd)
    assert done.returncode == 0, done.stdout + done.stderr


def registered_types(package: Path, into: Path) -> None:
    """Write the qmltypes of a package's Python classes and a qmldir that names them."""
    sources = [p for p in package.glob("*.py") if "QML_IMPORT_NAME" in p.read_text()]
    name = ".".join(package.relative_to(ROOT).parts)
    target = into / package.relative_to(ROOT)
    target.mkdir(parents=True)
    lines = (package / "qmldir").read_text()
    for qml in package.glob("*.qml"):
        shutil.copy(qml, target)
    if sources:
        dump = target / "types.json"
        run(tool("metaobjectdump"), "-o", str(dump), *map(str, sources))
        json.loads(dump.read_text())
        foreign = ",".join(str(METATYPES / f"qt6{part}_metatypes.json") for part in FOREIGN)
        run(
            tool("qmltyperegistrar"),
            "--generate-qmltypes",
            str(target / "python.qmltypes"),
            "-o",
            str(target / "register.cpp"),
            str(dump),
            "--import-name",
            name,
            "--major-version",
            "1",
            "--foreign-types",
            foreign,
        )
        lines += "typeinfo python.qmltypes\ndepends QtQuick\nimport QtQml.Models\nimport QtQuick\n"
    (target / "qmldir").write_text(lines)


@pytest.fixture(scope="module")
def typed_tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    tree = tmp_path_factory.mktemp("qml")
    for module in MODULES:
        registered_types(ROOT / module, tree)
    return tree


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_qmllint_finds_nothing(module: Path, typed_tree: Path) -> None:
    files = [str(typed_tree / module / p.name) for p in sorted((ROOT / module).glob("*.qml"))]
    assert files
    run(tool("qmllint"), "--max-warnings", "0", "-I", str(typed_tree), *files, cwd=typed_tree)
