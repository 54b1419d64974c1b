"""Attack halls for hours, one after the other: `.venv/bin/python tests/faults/soak.py --soak 8`.

Each hall has its own seed, which alone says what is done to it: `--seed N` does it again. Prints
what was done and what was lost; ends with 1 when a promise was broken. With `--power` the power is
cut at 10,000 instants of a recorded morning instead, with `--mutants` copies of the product with
one mistake each are attacked: each must be found; with `--kills` the service is killed 100 times
on SQLite and on PostgreSQL. `--docs` puts the figures into
`docs/reliability.md`.
"""

import argparse
import dataclasses
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

_HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(_HERE.parents[1]), str(_HERE)]

import pytest  # noqa: E402
from nemesis import lan, page  # noqa: E402 - found by the path above
from nemesis.tree import MUTANTS, mutated  # noqa: E402

CANNOT = 77
_PAGE = _HERE.parents[1] / "docs/reliability.md"
_POWER_CUTS = 10_000
_MORNING = 1200
Figures = dict[str, Any]
if TYPE_CHECKING:
    from nemesis.cuts import Cuts


def main() -> int:
    """Attack until the time is over."""
    options = _options()
    if options.report is not None:
        return _one_hall(options)
    if options.power:
        return _cut_power(options)
    if options.kills:
        return _kill(options)
    if why := lan.why_not():
        sys.stderr.write(f"no hall of namespaces here: {why}\n")
        return CANNOT
    if options.mutants:
        return _attack_mutants(options)
    deadline = time.monotonic() + options.soak * 3600
    halls: list[Figures] = []
    while not halls or len(halls) < options.rounds or time.monotonic() < deadline:
        figures = _attacked(options, options.seed + len(halls))
        halls.append(figures)
        if figures["violations"] and not options.go_on:
            break
    if options.json:
        options.json.write_text(json.dumps(halls, indent=1))
    _sum_up(halls)
    if options.docs:
        page.put_table(_PAGE, "halls", page.sum_rows(halls, options.seconds))
        page.put_table(_PAGE, "attacks", page.hall_rows(halls))
    return 1 if any(figures["violations"] for figures in halls) else 0


def _attacked(options: argparse.Namespace, seed: int) -> Figures:
    """Attack one hall in namespaces of its own; return its figures."""
    _say(f"again: tests/faults/soak.py --seed {seed} --seconds {options.seconds:g}")
    own, theirs = os.pipe()
    words = [sys.executable, __file__, "--report", str(theirs), "--seed", str(seed)]
    words += ["--seconds", str(options.seconds), "--tree", str(options.tree.resolve())]
    words += ["--only", options.only, "--heals-within", str(options.heals_within)]
    words += ["--small"] * options.small
    if options.keep:
        words += ["--keep", str(options.keep.resolve())]
    hall = subprocess.Popen(
        lan.inside(words),
        pass_fds=[theirs],
        preexec_fn=lan.end_at_once_with_parent,  # noqa: PLW1509 - prctl only
    )
    os.close(theirs)
    with os.fdopen(own) as report:
        told = report.read()
    code = hall.wait()
    if not told:
        failed = f"the attack itself failed with {code}"
        _say(failed)
        return {"seed": seed, "violations": [failed], "healed_s": []}
    figures: Figures = json.loads(told)
    for violation in figures["violations"]:
        _say(f"BROKEN {violation}")
    _say(
        f"seed {seed}: {len(figures['steps'])} attacks, {figures['numbers']} numbers, "
        f"{figures['calls']} calls, {figures['asked']} questions, {figures['took_s']:.0f} s, "
        f"{len(figures['violations'])} broken promises"
    )
    return figures


def _one_hall(options: argparse.Namespace) -> int:
    """Attack a hall here, in namespaces that somebody has made."""
    from nemesis.attack import Plan, attack  # noqa: PLC0415 - what only the inner process needs
    from nemesis.schedule import choices  # noqa: PLC0415

    plan = Plan(options.seconds, choices(options.only), options.small, options.heals_within)
    keep = options.keep / f"seed-{options.seed}" if options.keep else None
    outcome = attack(options.tree, options.seed, plan, _say, keep)
    figures = dataclasses.asdict(outcome)
    figures["violations"] = [str(violation) for violation in outcome.violations]
    with os.fdopen(options.report, "w") as report:
        json.dump(figures, report)
    return 0


def _sum_up(halls: list[Figures]) -> None:
    healed = sorted(seconds for figures in halls for _, seconds in figures["healed_s"])
    if healed:
        late = healed[min(len(healed) - 1, int(0.95 * len(healed)))]
        _say(
            f"well again after {statistics.median(healed):.1f} s (median), {late:.1f} s (95 %), "
            f"{healed[-1]:.1f} s (longest) of {len(healed)} attacks"
        )


def _attack_mutants(options: argparse.Namespace) -> int:
    """Attack a copy of the product with each mistake; every one of them must be found."""
    rows = [["mistake", "what is wrong", "promise", "found"]]
    missed = 0
    for name, mutant in MUTANTS.items():
        with tempfile.TemporaryDirectory(prefix="denluot-mutant-") as folder:
            options.tree = mutated(Path(folder), name)
            options.only, options.small = mutant.only, True
            options.heals_within, options.seconds = 30.0, 25.0
            if mutant.only:
                broken = _attacked(options, options.seed)["violations"]
            else:
                broken = [f"{mutant.breaks[0]}: {lost}" for lost in _cuts(options, 300, 200).lost]
        found = [one for one in broken if one.partition(":")[0] in mutant.breaks]
        missed += not found
        said = found[0].partition(": ")[2] if found else "not found"
        rows.append(
            [f"`{name}`", mutant.says, " or ".join(mutant.breaks), said.replace("|", "/")[:110]]
        )
        _say(f"{name}: {said}")
    if options.docs:
        page.put_table(_PAGE, "mutants", rows)
    return 1 if missed else 0


def _kill(options: argparse.Namespace) -> int:
    kills = page.Kills()
    words = ["-q", "-k", "fifty", f"{_HERE}/test_service_kill.py"]
    code = pytest.main(words, plugins=[kills])
    rows = kills.rows()
    for row in rows:
        _say(" | ".join(row))
    if options.docs and not kills.failed:
        page.put_table(_PAGE, "kills", rows)
    return int(code)


def _cut_power(options: argparse.Namespace) -> int:
    began = time.monotonic()
    outcome = _cuts(options, _POWER_CUTS, _MORNING)
    for lost in outcome.lost[:20]:
        _say(f"LOST {lost}")
    _say(
        f"seed {options.seed}: {outcome.cuts} power cuts, {outcome.acknowledged} acknowledged, "
        f"{len(outcome.lost)} lost, {time.monotonic() - began:.0f} s"
    )
    if options.docs:
        head = [
            "power cuts",
            "acknowledged before them",
            "read by `verify` as well",
            "lost",
            "command",
        ]
        command = f"`.venv/bin/python tests/faults/soak.py --power --seed {options.seed}`"
        counts = (outcome.cuts, outcome.acknowledged, outcome.thorough, len(outcome.lost))
        page.put_table(_PAGE, "power", [head, [*(f"{n:,}" for n in counts), command]])
    return 1 if outcome.lost else 0


def _cuts(options: argparse.Namespace, cuts: int, morning: int) -> "Cuts":
    """Cut the power of one recorded morning."""
    from nemesis.cuts import cut_often, record_morning  # noqa: PLC0415 - needs a C compiler

    memory = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108
    with tempfile.TemporaryDirectory(prefix="denluot-power-", dir=memory) as name:
        entries = record_morning(Path(name), options.tree, morning)
        return cut_often(entries, Path(name), cuts, options.seed)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    add = parser.add_argument
    add("--soak", type=float, default=0.0, metavar="HOURS", help="attack halls for so long")
    add("--rounds", type=int, default=1, help="at least so many halls")
    add("--seconds", type=float, default=60.0, help="how long each is attacked")
    add("--seed", type=int, default=20261126, help="of the first hall; the next has the next")
    add("--only", default="", metavar="kill:service,…", help="what is done; else everything")
    add("--small", action="store_true", help="one kiosk, three counters, one board")
    add("--heals-within", type=float, default=45.0, help="seconds after which it never will")
    add("--tree", type=Path, default=_HERE.parents[1], help="where the product's source is")
    add("--keep", type=Path, help="where the files of a broken hall go")
    add("--json", type=Path, help="where the figures go")
    add("--go-on", action="store_true", help="go on after a broken promise")
    add("--power", action="store_true", help="cut the power 10,000 times instead")
    add("--kills", action="store_true", help="kill the service on each kind of store instead")
    add("--mutants", action="store_true", help="attack what has a mistake: is it found?")
    add("--docs", action="store_true", help="put the figures into docs/reliability.md")
    add("--report", type=int, help=argparse.SUPPRESS)
    return parser.parse_args()


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
