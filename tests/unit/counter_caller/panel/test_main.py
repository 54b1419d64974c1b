import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[4]


def test_a_counter_this_box_does_not_have(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "counter_caller.panel", "--counter", "77", "--data", str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert done.returncode == 2
    assert done.stderr == "no panel for counter 77 - at $.panels of the device settings\n"
