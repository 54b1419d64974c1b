"""Which versions work together, and that this release keeps the promise about the one before."""

import tomllib
from pathlib import Path

import pytest

from bus.versions import OLDEST_BOX, Standing, parse_version, standing, too_old

PROJECT = Path(__file__).parents[3] / "pyproject.toml"


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("0.2.0", (0, 2, 0)),
        ("1.10", (1, 10, 0)),
        ("0.3.0.dev1", (0, 3, 0)),
        ("0.3.0-rc1", (0, 3, 0)),
        ("", None),
        ("1", None),
        ("v0.2.0", None),
        ("0.2.0\n", None),
        ("٠.٢.٠", None),
        ("0.2." + "9" * 7, None),
    ],
)
def test_what_is_a_version(text: str, version: tuple[int, int, int] | None) -> None:
    assert parse_version(text) == version


@pytest.mark.parametrize(
    ("box", "centre", "stands"),
    [
        ("0.4.0", "0.4.0", Standing.SAME),
        ("0.3.9", "0.4.0", Standing.BEHIND),
        ("0.4.0", "0.4.1", Standing.BEHIND),
        ("0.2.9", "0.4.0", Standing.TOO_OLD),
        ("0.2.9", "", Standing.TOO_OLD),
        ("0.10.0", "0.4.0", Standing.AHEAD),
        ("", "0.4.0", Standing.UNKNOWN),
        ("someone's own", "0.4.0", Standing.UNKNOWN),
        ("0.3.0", "", Standing.SAME),
    ],
)
def test_how_a_box_stands(box: str, centre: str, stands: Standing) -> None:
    assert standing(box, centre) is stands
    assert too_old(box) is (stands is Standing.TOO_OLD)


def test_the_version_before_this_one_is_not_too_old() -> None:
    version = tomllib.loads(PROJECT.read_text())["project"]["version"]
    major, minor, _ = parse_version(version) or (0, 0, 0)
    assert (major, minor - 1) <= OLDEST_BOX <= (major, minor)
