"""A hall in a bare Debian that boots systemd is upgraded, goes back by itself, and is restored.

    sudo .venv/bin/python -m tests.site.upgrade --stick DIR [--suite bookworm] [--docs]

DIR is what `denluot bundle` made of this checkout. A newer release that works takes the hall's
place; one that fails after the switch goes back; the power is cut while a third is watched; and a
backup is put back under the running hall. Prints each step with its seconds.
"""

import argparse
import hashlib
import json
import shutil
import sys
import tempfile
import threading
from pathlib import Path

from provisioning.bundle.repository import PUBLIC_KEY, signing_key
from tests.site.newer import ROOT, break_service_unit, copy_stick, make_newer, new_tools, nothing
from tests.site.run import (
    Machine,
    Report,
    SiteError,
    new_parser,
    place_hall,
    say,
    serve,
    wait_until,
)

DENLUOT = "/usr/bin/denluot"
GOOD, BROKEN, LATER = "99.0.0", "99.1.0", "99.2.0"
WATCH_S = 20
_JOURNAL = "var/lib/denluot-upgrade/journal.json"


def main() -> int:
    parser = new_parser(__doc__)
    parser.add_argument("--docs", action="store_true", help="figures into docs/reliability.md")
    options = parser.parse_args()
    if lacking := Machine.lacking():
        say(f"cannot run here: {lacking}")
        return 2
    with tempfile.TemporaryDirectory(prefix="denluot-site-", dir=options.work) as work:
        log = Path(work) / "site.log"
        report = Report()
        sticks = Path(work) / "sticks"
        machine = Machine(Path(work) / "machine", sticks, log)
        try:
            make_sticks(options, sticks)
            report.step("sticks of three newer releases")
            tell_story(machine, options, report, sticks)
        except SiteError as error:
            say(str(error))
            say(f"FAILED after: {', '.join(report.steps)}")
            return 1
        finally:
            machine.put_away()
            if options.log and log.exists():
                shutil.copy(log, options.log)
    if options.report:
        options.report.write_text(json.dumps(report.steps, indent=1) + "\n")
    if options.docs:
        sys.path.append(str(ROOT / "tests/faults"))
        from nemesis import page  # noqa: PLC0415 - found by the path above

        rows = [[name, f"{seconds:.0f} s"] for name, seconds in report.steps.items()]
        page.put_table(ROOT / "docs/reliability.md", "upgrades", [["what", "took"], *rows[1:]])
    return 0


def make_sticks(options: argparse.Namespace, sticks: Path) -> None:
    """Lay the stick, and sticks of releases to come that another key signed, into one folder."""
    sticks.mkdir()
    copy_stick(options.stick, sticks / "now")
    with signing_key(sticks.parent / "key.asc", new_tools(sticks.parent / "key.log")) as key:
        for version, change in ((GOOD, nothing), (BROKEN, break_service_unit), (LATER, nothing)):
            make_newer(options.stick, options.suite, version, sticks / version, key, change)


def tell_story(machine: Machine, options: argparse.Namespace, report: Report, sticks: Path) -> None:
    """Install, upgrade, go back, upgrade through a power cut, restore; raises SiteError."""
    machine.bootstrap(options.suite, options.mirror, options.cache)
    machine.power_on()
    place_hall(machine.root)
    report.step("a bare Debian boots")
    installer = ("sh", "/media/stick/now/install.sh", "--role", "all", "--fingerprint")
    machine.run(*installer, key_of(sticks / "now"), check=True)
    numbers = [serve(machine)]
    before = running(machine)
    report.step(f"{before} is installed and gave {numbers[-1]}")

    refuse_while_open(machine)
    said = upgrade(
        machine, f"/media/stick/{GOOD}", "--force", "--fingerprint", key_of(sticks / GOOD)
    )
    require_running(machine, GOOD, said)
    numbers.append(serve(machine))
    report.step(f"upgraded to {GOOD}, which gave {numbers[-1]}")

    said = upgrade(machine, f"/media/stick/{BROKEN}", "--force")
    require_running(machine, GOOD, said)
    numbers.append(serve(machine))
    report.step(f"{BROKEN} does not start: back on {GOOD} by itself, which gave {numbers[-1]}")

    cut_power_at(machine, "watch", loose_package(machine, LATER), "--unsigned")
    wait_until("the upgrade goes on by itself", lambda: settled(machine), 600)
    require_running(
        machine, LATER, (machine.root / "var/lib/denluot-upgrade/upgrade.log").read_text()
    )
    left = sorted(path.name for path in (machine.root / "opt/denluot/releases").iterdir())
    if left != [GOOD, LATER]:
        raise SiteError(f"of the releases {left} are left")
    numbers.append(serve(machine))
    report.step(f"power cut while {LATER} was watched: it went on and gave {numbers[-1]}")

    machine.run("runuser", "-u", "denluot", "--", DENLUOT, "backup", check=True)
    numbers.append(serve(machine))
    machine.run(DENLUOT, "restore", "/var/backups/denluot", "--replace-newer", check=True)
    numbers.append(serve(machine))
    report.step(f"a backup is put back under the running hall, which gave {numbers[-1]}")

    if numbers != sorted(set(numbers)):
        raise SiteError(f"numbers were given again: {numbers}")
    machine.run(DENLUOT, "verify", "--data", "/var/lib/denluot", check=True)
    report.step("the log is whole, no number was given twice")


def upgrade(machine: Machine, file: str, *options: str) -> str:
    """Upgrade as a person would; return what it said."""
    return machine.run(DENLUOT, "upgrade", file, "--watch", str(WATCH_S), *options)


def loose_package(machine: Machine, version: str) -> str:
    """Lay the application's package of a stick onto the machine by itself; return where it is."""
    (package,) = machine.stick.glob(f"{version}/*/denluot-{version}_*.deb")
    shutil.copy(package, machine.root / "root")
    return f"/root/{package.name}"


def refuse_while_open(machine: Machine) -> None:
    """Have an upgrade refused while people are served. Raises SiteError."""
    before, key = running(machine), key_of(machine.stick / GOOD)
    said = upgrade(machine, f"/media/stick/{GOOD}", "--fingerprint", key)
    if "--force" not in said or running(machine) != before:
        raise SiteError(f"an open hall was upgraded:\n{said}")


def cut_power_at(machine: Machine, step: str, file: str, *options: str) -> None:
    """Cut the power when an upgrade comes to a step, and boot again."""
    begun = threading.Thread(target=upgrade, args=(machine, file, "--force", *options))
    begun.start()
    journal = machine.root / _JOURNAL

    def is_there() -> bool:
        try:
            return str(json.loads(journal.read_bytes())["step"]) == step
        except FileNotFoundError:
            if not begun.is_alive():
                raise SiteError(f"the upgrade to {file} ended before {step}") from None
            return False

    wait_until(f"the upgrade to {file} comes to {step}", is_there, 600)
    machine.cut_power()
    begun.join(60)
    machine.power_on("basic.target")  # the upgrade goes on before the start of the machine is over


def running(machine: Machine) -> str:
    """Return the version that runs."""
    return (machine.root / "opt/denluot/current").readlink().name


def settled(machine: Machine) -> bool:
    """Return whether no upgrade goes on."""
    units = machine.root / "etc/systemd/system"
    return not (machine.root / _JOURNAL).exists() and not any(units.glob("upgrade-denluot*"))


def require_running(machine: Machine, version: str, said: str) -> None:
    """Raise SiteError unless a version runs, its upgrade is over, and its units are in place."""
    unit = (machine.root / "etc/systemd/system/denluot-service.service").read_text()
    if running(machine) != version or not settled(machine) or "--gone" in unit:
        raise SiteError(f"{running(machine)} runs, not {version}:\n{said}")


def key_of(stick: Path) -> str:
    """Return what is printed on the sheet beside a stick."""
    return hashlib.sha256((stick / PUBLIC_KEY).read_bytes()).hexdigest()


if __name__ == "__main__":
    sys.exit(main())
