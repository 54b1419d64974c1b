"""Copies of the product's source with one mistake in each: what the nemesis must find."""

import shutil
import tomllib
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True, slots=True)
class Mutant:
    """One mistake: where, what stands there, what takes its place, what promises it may break."""

    file: str
    right: str
    wrong: str
    breaks: tuple[str, ...]
    says: str
    only: str = ""
    """What the nemesis does to find it; for the power cuts nothing."""


MUTANTS = {
    "reply-before-commit": Mutant(
        "queue_service/ledger.py",
        "        self.store.commit(batch)\n",
        """        late, self._late = getattr(self, "_late", None), batch
        if late is not None:
            self.store.commit(late)
""",
        ("I2",),
        "a reply goes out before its transaction, which is committed with the next",
        "kill:service",
    ),
    "dedupe-forgotten": Mutant(
        "queue_service/engine.py",
        "return self._answers.given(device, command) or self._carry_out(device, command)",
        "return self._carry_out(device, command)",
        ("I1",),
        "a command that comes twice is done twice",
        "wild:wire",
    ),
    "queue-time-by-wall-clock": Mutant(
        "queue_service/queue_time.py",
        "at if doubted else max(self._now(), at)",
        "at if doubted else self._now()",
        ("I5",),
        "the order of coming is that of the wall clock, whatever it does",
        "clock:service",
    ),
    "called-by-two": Mutant(
        "queue_service/domain/calling.py",
        """    if ticket.state in AT_COUNTER and ticket.counter != counter:
        raise Refusal(Error.CONFLICT, f"{ticket.number} is at counter {ticket.counter}")
    if not (ticket.provisional and ticket.first_called is None):
        require(ticket, CALLABLE)
""",
        "",
        ("I4",),
        "a counter may call a number that another counter has",
        "wild:wire",
    ),
    "deaf-after-reconnect": Mutant(
        "bus/mqtt.py",
        "            self._to_ask = list(dict.fromkeys(one for one, _ in self._subscriptions))\n",
        """            self._to_ask = list(dict.fromkeys(one for one, _ in self._subscriptions))
            self._to_ask, self._met = [] if hasattr(self, "_met") else self._to_ask, True
""",
        ("I8",),
        "a client that comes back subscribes to nothing",
        "kill:broker",
    ),
    "book-kept-in-memory": Mutant(
        "kiosk/offline_desk.py",
        '        self._keep(book)\n        _log.info("number given offline',
        '        self._book = book\n        _log.info("number given offline',
        ("I1", "I2"),
        "a number of the offline book is shown before it is on the disk",
        "swallow:kiosk-a,kill:kiosk-1",
    ),
    "anyone-for-any-counter": Mutant(
        "queue_service/authorise.py",
        "    if counters is not None and counter is not None and counter not in counters:\n",
        "    if counters is not None and counter not in counters and counter == 0:\n",
        ("I15",),
        "a counter's account may act for another counter",
        "freeze:service",
    ),
    "store-not-synced": Mutant(
        "wait_log/dialects.py",
        '"synchronous = FULL"',
        '"synchronous = NORMAL"',
        ("I2",),
        "the store is synced at checkpoints only",
    ),
    "book-not-synced": Mutant(
        "config/durable.py",
        "    file.flush()\n    os.fsync(file.fileno())\n",
        "    file.flush()\n",
        ("I2",),
        "the offline book is renamed into its place before it is on the disk",
    ),
}


def _packages() -> list[str]:
    """Return the packages that the product is released as."""
    build = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]
    packages: list[str] = build["targets"]["wheel"]["packages"]
    return packages


def mutated(folder: Path, name: str) -> Path:
    """Return a copy of the product in `folder` with the mistake `name`."""
    mutant = MUTANTS[name]
    tree = folder / "tree"
    for package in _packages():
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / package, tree / package, ignore=ignored)
    file = tree / mutant.file
    text = file.read_text()
    if text.count(mutant.right) != 1:
        raise ValueError(f"the mutant {name} no longer fits {mutant.file}")
    file.write_text(text.replace(mutant.right, mutant.wrong))
    return tree
