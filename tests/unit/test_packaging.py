"""Our flat top-level packages: nobody else's, all in one place, all in the wheel."""

import tomllib
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
PACKAGES = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]


def test_every_package_lies_below_one_root() -> None:
    for name in PACKAGES:
        spec = find_spec(name)
        assert spec, name
        assert spec.origin, name
        assert Path(spec.origin).parent.parent == ROOT, spec.origin


def test_no_other_distribution_claims_our_names() -> None:
    claims = metadata.packages_distributions()
    strangers = {name: set(claims.get(name, ())) - {"denluot"} for name in PACKAGES}
    assert not any(strangers.values()), strangers


def test_every_package_of_the_tree_is_in_the_wheel_and_typed() -> None:
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert set(PACKAGES) == packages
    assert all((ROOT / name / "py.typed").exists() for name in PACKAGES)
