"""No secret in an argument, an environment or a log: those are read by more than whom it is for."""

import json
import os
import secrets
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import psutil
import pytest

from appliance.connection import FILE_NAME, Connection
from tests.files import files_below

RunCentre = Callable[..., Connection]
PASSWORD = "một mật khẩu dài để thử 7351"


def exposed(secret: str, processes: Iterable[psutil.Process], files: Iterable[Path]) -> list[str]:
    """Return where a secret can be read by somebody whom it is not for."""
    needle = secret.encode()
    shown = [
        (f"{name} of {process.name()} {process.pid}", Path(f"/proc/{process.pid}/{name}"))
        for process in processes
        for name in ("cmdline", "environ")
    ]
    places = [*shown, *((str(file), file) for file in files)]
    return [what for what, place in places if needle in _read(place)]


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except (FileNotFoundError, ProcessLookupError):  # it has gone meanwhile
        return b""


def test_a_secret_in_an_argument_or_a_log_would_be_found(tmp_path: Path) -> None:
    secret = secrets.token_urlsafe(18)
    waits = "import sys; sys.stdout.write('up\\n'); sys.stdout.flush(); sys.stdin.read()"
    for command, environment in (
        ([sys.executable, "-c", waits, secret], {}),
        ([sys.executable, "-c", waits], {"WHERE_IT_SHOULD_NOT_BE": secret}),
    ):
        with subprocess.Popen(
            command,
            env={**os.environ, **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        ) as process:
            assert process.stdout
            process.stdout.readline()
            assert len(exposed(secret, [psutil.Process(process.pid)], [])) == 1
            process.kill()
    log = tmp_path / "a.log"
    log.write_text(f"connected password={secret}\n")
    assert exposed(secret, [], [log]) == [str(log)]


@pytest.mark.full
def test_a_running_centre_shows_no_secret(run_centre: RunCentre, tmp_path: Path) -> None:
    data = tmp_path / "data"
    connection = run_centre()
    add = [sys.executable, "-m", "appliance", "account", "add", "lan", "--role", "administrator"]
    subprocess.run(
        [*add, "--data", data, "--password-stdin"], input=PASSWORD, text=True, check=True
    )
    ours = [
        process
        for process in psutil.process_iter(["pid", "cmdline"])
        if str(data) in " ".join(process.info["cmdline"] or [])
    ]
    assert len(ours) > 5, ours
    logs = [
        file for file in files_below(data) if file.suffix == ".log" or data / "log" in file.parents
    ]
    logs.append(tmp_path / "run.txt")
    assert len(logs) > 3, logs
    passwords = {account.password for account in connection.devices.values()}
    kept = json.loads((data / FILE_NAME).read_text())["devices"]
    assert {account["password"] for account in kept.values()} == passwords
    for secret in (*passwords, PASSWORD):
        assert exposed(secret, ours, logs) == []
