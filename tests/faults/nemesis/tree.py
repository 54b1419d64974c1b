"""Copies of the product's source with one mistake in each: what the nemesis must find."""

import shutil
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
PACKAGES = (
    "appliance",
    "bus",
    "config",
    "counter_caller",
    "display",
    "hall",
    "hardware",
    "kiosk",
    "paper",
    "provisioning",
    "queue_service",
    "simulators",
    "ui",
    "wait_log",
    "web",
)


@dataclass(frozen=True, slots=True)
class Mutant:
    """One mistake: where, what stands there, what takes its place, and the promise it breaks."""

    file: str
    right: str
    wrong: str
    breaks: str
    says: str


MUTANTS = {
    "store-not-synced": Mutant(
        "wait_log/dialects.py",
        '"synchronous = FULL"',
        '"synchronous = NORMAL"',
        "I2",
        "the store is synced at checkpoints only",
    ),
    "book-not-synced": Mutant(
        "config/durable.py",
        "        os.fsync(file.fileno())\n",
        "",
        "I2",
        "the offline book is renamed into its place before it is on the disk",
    ),
}


def mutated(folder: Path, name: str) -> Path:
    """Return a copy of the product in `folder` with the mistake `name`."""
    mutant = MUTANTS[name]
    tree = folder / "tree"
    for package in PACKAGES:
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / package, tree / package, ignore=ignored)
    file = tree / mutant.file
    text = file.read_text()
    if text.count(mutant.right) != 1:
        raise ValueError(f"the mutant {name} no longer fits {mutant.file}")
    file.write_text(text.replace(mutant.right, mutant.wrong))
    return tree
