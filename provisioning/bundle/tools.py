"""The system's own tools that a bundle is made with: what they say is kept in a file."""

import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from provisioning.errors import ProvisioningError

_LONGEST_S = 45 * 60
_LAST_LINES = 15


class BundleError(ProvisioningError):
    """The bundle cannot be made; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Tools:
    """Run programs with nothing but `environment`; all they say goes to `log`."""

    log: Path
    environment: Mapping[str, str] = field(default_factory=dict)

    def run(
        self, *program: str | Path, cwd: Path | None = None, inside: Sequence[str | Path] = ()
    ) -> None:
        """Run a program, with `inside` as its last arguments; raises BundleError as it failed.

        Only what runs inside is written down where something does: the way there may name secrets.
        """
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("a", encoding="utf-8") as log:
            log.write(f"$ {' '.join(map(str, inside or program))}\n")
            log.flush()
            _check(inside or program, self._start([*program, *inside], cwd, log), self.log)

    def output(self, *program: str | Path, cwd: Path | None = None) -> bytes:
        """Run a program to its end and return what it wrote; raises BundleError."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        done = self._start(program, cwd, subprocess.PIPE)
        with self.log.open("ab") as log:
            log.write(f"$ {' '.join(map(str, program))}\n".encode() + done.stderr)
        _check(program, done, self.log)
        written: bytes = done.stdout
        return written

    def _start(
        self, program: Sequence[str | Path], cwd: Path | None, log: IO[str] | int
    ) -> "subprocess.CompletedProcess[bytes]":
        piped = log == subprocess.PIPE
        try:
            return subprocess.run(  # noqa: S603 - programs of the system, named by us
                program,
                cwd=cwd,
                env=dict(self.environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.PIPE if piped else subprocess.STDOUT,
                check=False,
                timeout=_LONGEST_S,
            )
        except FileNotFoundError as error:
            raise BundleError(f"{error.filename}: not installed") from error
        except subprocess.TimeoutExpired as error:
            raise BundleError(f"{program[0]}: not done after {_LONGEST_S} s") from error


def missing(programs: Mapping[str, str]) -> list[str]:
    """Return the Debian packages whose programs are not on this machine."""
    path = "/usr/sbin:/usr/bin:/sbin:/bin"
    return sorted({has for name, has in programs.items() if not shutil.which(name, path=path)})


def _check(
    program: Sequence[str | Path], done: "subprocess.CompletedProcess[bytes]", log: Path
) -> None:
    if done.returncode:
        said = log.read_text(encoding="utf-8", errors="replace").splitlines()[-_LAST_LINES:]
        raise BundleError("\n".join([*said, f"{program[0]}: exit {done.returncode}; see {log}"]))
