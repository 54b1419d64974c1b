"""`denluot test`: format, lint, types, import contracts, QML and all tests, with one summary."""

import argparse
import subprocess
import sys
import time
from pathlib import Path

_ROOT = Path(__file__).parent.parent
_SCREENS = ("kiosk", "display", "counter_caller")
_TESTS = {
    "tests": ["tests", *(f"--ignore=tests/unit/{name}" for name in _SCREENS), "--ignore=tests/e2e"],
    **{name: [f"tests/unit/{name}"] for name in _SCREENS},
    "e2e": ["tests/e2e"],
}
"""Each in a process of its own: one Qt application per process, as in the product."""


def command(arguments: list[str]) -> int:
    """Run every check; return 0 only when all of them pass."""
    parser = argparse.ArgumentParser(
        prog="denluot test", description="Run every check and test; --full adds the long ones."
    )
    parser.add_argument("--full", action="store_true", help="add the long tests")
    options = parser.parse_args(arguments)
    marker = [] if options.full else ["-m", "not full"]
    steps = {
        "format": ["ruff", "format", "--check", "."],
        "lint": ["ruff", "check", "."],
        "types": ["mypy"],
        "imports": ["lint-imports"],
        **{name: ["pytest", *marker, *paths] for name, paths in _TESTS.items()},
    }
    results = {name: _step(name, program) for name, program in steps.items()}
    sys.stdout.write("\n" + "\n".join(f"{name:14} {line}" for name, line in results.items()) + "\n")
    failed = [name for name, line in results.items() if not line.startswith("ok")]
    sys.stdout.write(f"{'FAILED: ' + ', '.join(failed) if failed else 'all checks passed'}\n")
    return 1 if failed else 0


def _step(name: str, program: list[str]) -> str:
    sys.stdout.write(f"--- {name}\n")
    sys.stdout.flush()
    began = time.monotonic()
    tool = Path(sys.executable).with_name(program[0])
    code = subprocess.run([tool, *program[1:]], cwd=_ROOT, check=False).returncode  # noqa: S603
    took = time.monotonic() - began
    return f"{'ok' if code == 0 else f'failed (exit {code})'} in {took:.0f} s"
