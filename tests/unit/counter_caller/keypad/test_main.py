import subprocess
import sys
from pathlib import Path


def test_a_box_without_keypads_ends_with_2_and_one_line(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "counter_caller.keypad", "--data", str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 2
    assert done.stderr == "no keypads  - at $.keypads of the device settings\n"
