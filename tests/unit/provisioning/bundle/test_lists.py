"""Which Debian packages a machine needs: said once, and enough."""

import re
from pathlib import Path

import pytest

from provisioning.bundle.lists import packages_of
from provisioning.bundle.tools import BundleError
from provisioning.roles import Role

ROOT = Path(__file__).parents[4]
LISTS = ROOT / "deploy/packages"


def test_a_machine_for_everything_has_what_every_other_has() -> None:
    for role in Role:
        assert set(packages_of(role, LISTS)) <= set(packages_of(Role.ALL, LISTS))
        assert packages_of(role, LISTS) == sorted(set(packages_of(role, LISTS)))


def test_what_a_checkout_installs_is_on_the_stick() -> None:
    script = (ROOT / "denluot").read_text()
    needed = script.partition("<<'LIST'\n")[2].partition("\nLIST")[0]
    packages = {line.split()[0] for line in needed.splitlines()} - {"python3"}
    assert len(packages) > 10
    assert packages <= set(packages_of(Role.ALL, LISTS))


def test_every_machine_can_tell_whose_bundle_an_upgrade_is() -> None:
    for role in Role:
        assert "gpgv" in packages_of(role, LISTS)


def test_who_needs_the_broker_and_who_a_screen() -> None:
    assert "mosquitto" in packages_of(Role.SERVER, LISTS)
    assert "mosquitto" not in packages_of(Role.KIOSK, LISTS)
    assert "cage" not in packages_of(Role.SERVER, LISTS)
    for role in (Role.KIOSK, Role.BOARD, Role.COUNTER):
        assert {"cage", "libegl1"} <= set(packages_of(role, LISTS))


@pytest.mark.parametrize("line", ["rm -rf /", "--option", "UPPER", "a;b", "@../secret"])
def test_what_is_no_name_of_a_package_is_refused(tmp_path: Path, line: str) -> None:
    (tmp_path / "base.list").write_text("hello # with a comment\n")
    (tmp_path / "server.list").write_text(f"{line}\n")
    with pytest.raises(BundleError, match=re.escape(str(tmp_path))):
        packages_of(Role.SERVER, tmp_path)
