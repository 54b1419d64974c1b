"""`denluot test`: format, lint, types, import contracts, QML and all tests, with one summary."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from hall.words.arguments import CommandParser, words_of

_ROOT = Path(__file__).parent.parent
_SCREENS = ("kiosk", "display", "counter_caller")
_APART = ("web", "provisioning")
_LONG_PAGES = ("counter", "first_start", "integrations", "login")
_TESTS = {
    "e2e": ["tests/e2e", "--ignore=tests/e2e/centre"],
    "faults": ["tests/faults", "tests/site"],
    "web": ["tests/unit/web", *(f"--ignore=tests/unit/web/{name}" for name in _LONG_PAGES)],
    "tests": [
        "tests/unit",
        *(f"--ignore=tests/unit/{name}" for name in (*_SCREENS, *_APART)),
    ],
    "centre": ["tests/e2e/centre"],
    "pages": [f"tests/unit/web/{name}" for name in _LONG_PAGES],
    "contract": ["tests/contract"],
    "browser": ["tests/browser"],
    "provisioning": ["tests/unit/provisioning"],
    **{name: [f"tests/unit/{name}"] for name in _SCREENS},
}
"""Each in a process of its own: one Qt application per process, as in the product, and Playwright,
which keeps an event loop running, beside none. The longest come first."""
_AT_ONCE = 4
"""Steps that run side by side: much of a test of real processes is waiting for them."""
_NO_BYTECODE = "PYTHONDONTWRITEBYTECODE"
"""Set where nobody wants it kept; hundreds of our processes start, and each would compile all."""


def command(arguments: list[str]) -> int:
    """Run every check; return 0 only when all of them pass."""
    t = words_of(os.environ)
    parser = CommandParser(
        "denluot test", t("Chạy mọi phép kiểm tra; --full thêm các phép thử lâu."), t
    )
    parser.add_argument("--full", action="store_true", help=t("thêm các phép thử lâu"))
    options = parser.parse_args(arguments)
    marker = [] if options.full else ["-m", "not full"]
    steps = {
        "format": ["ruff", "format", "--check", "."],
        "lint": ["ruff", "check", "."],
        **{name: ["pytest", *marker, *paths] for name, paths in _TESTS.items()},
        "types": ["mypy"],
        "imports": ["lint-imports"],
    }
    began = time.monotonic()
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        results = dict(zip(steps, pool.map(_step, steps, steps.values()), strict=True))
    sys.stdout.write("\n")
    for name, (code, took_s) in results.items():
        good, bad = t("tốt"), t("hỏng (mã kết thúc {code})", code=code)
        after = t("{what}, sau {seconds} giây", what=bad if code else good, seconds=f"{took_s:.0f}")
        sys.stdout.write(f"{name:14} {after}\n")
    failed = [name for name, (code, _) in results.items() if code]
    took = f"{time.monotonic() - began:.0f}"
    if failed:
        verdict = t("HỎNG: {names}, sau {seconds} giây", names=", ".join(failed), seconds=took)
    else:
        verdict = t("mọi phép kiểm tra đều đạt, sau {seconds} giây", seconds=took)
    sys.stdout.write(f"{verdict}\n")
    return 1 if failed else 0


def _step(name: str, program: list[str]) -> tuple[int, float]:
    """Run one step and print what it said as one piece; return its exit code and seconds."""
    sys.stdout.write(f"    {name} ...\n")
    sys.stdout.flush()
    began = time.monotonic()
    tool = Path(sys.executable).with_name(program[0])
    environment = {name: value for name, value in os.environ.items() if name != _NO_BYTECODE}
    done = subprocess.run(  # noqa: S603
        [tool, *program[1:]],
        cwd=_ROOT,
        env=environment,
        check=False,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    took = time.monotonic() - began
    sys.stdout.write(f"--- {name}\n{done.stdout}")
    sys.stdout.flush()
    return done.returncode, took
