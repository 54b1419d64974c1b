"""One process of the product, on the broker of a test."""

import os
import subprocess
import sys
from pathlib import Path

from bus.broker import PrivateBroker

ROOT = Path(__file__).parents[1]


def start_process(
    broker: PrivateBroker, data: Path, device: str, module: str, *arguments: str, **variables: str
) -> subprocess.Popen[bytes]:
    """Start `module` as `device` on its directory; what it says is added to `{device}.log`."""
    environment = {
        **os.environ,
        "DENLUOT_BROKER": f"127.0.0.1:{broker.port}",
        "DENLUOT_PASSWORD_FILE": str(broker.password_file(device)),
        "PYTHONPATH": str(ROOT),
        **variables,
    }
    with (data / f"{device}.log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", module, "--data", str(data), *arguments],
            env=environment,
            cwd=data,
            stdout=log,
            stderr=log,
        )
