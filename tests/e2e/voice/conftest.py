"""A hall whose loudspeaker can be listened to: a sound server of its own, and its recording."""

import os
import shutil
import subprocess
import tempfile
import threading
import time
from array import array
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from hardware.speaker import SAMPLE_RATE, Sound

READY_WITHIN_S = 60.0
PIECE_BYTES = 2 * (SAMPLE_RATE // 100)
"""Of ten milliseconds: what one stop of the output may cost is a small part of any word."""
TAIL = SAMPLE_RATE // 4
FIRST_OF_ALL = ("nice", "-n", "-10")
"""A busy machine must not make gaps; who may not have it so goes on without."""
SCRIPT = """
load-module module-native-protocol-unix socket={socket} auth-anonymous=1
load-module module-null-sink sink_name=hall rate=22050 channels=1 format=s16le \
sink_properties=device.description=hall
"""


class Recording:
    """What came out of the loudspeaker so far."""

    def __init__(self, samples: "array[int]") -> None:
        self.samples = samples

    def shares(self, clips: Sequence[Sound]) -> list[float]:
        """Return, for each clip in order, the share of its pieces that is heard unchanged, up to 1.

        Where the output stood still, on a busy machine, silence lies in between and PulseAudio
        drops some milliseconds: silence is left out on both sides, and pieces may be missing.
        """
        heard, place, reach = _sounding(self.samples).tobytes(), 0, 2 * PIECE_BYTES
        shares = []
        for clip in clips:
            wanted, found = _sounding(array("h", clip.samples)).tobytes(), 0
            starts = range(0, len(wanted), PIECE_BYTES)
            for start in starts:
                piece = wanted[start : start + PIECE_BYTES]
                at = heard.find(piece, place, place + reach)
                if at < 0:
                    reach += PIECE_BYTES
                else:
                    place, reach, found = at + len(piece), 2 * PIECE_BYTES, found + 1
            shares.append(found / len(starts))
        return shares

    def after(self, earlier: "Recording") -> "Recording":
        """Return what has been heard since `earlier`."""
        return Recording(self.samples[len(earlier.samples) :])


def _sounding(samples: "array[int]") -> "array[int]":
    return array("h", filter(None, samples))


class Hall:
    """A PulseAudio of its own, whose only output is recorded."""

    def __init__(self, directory: Path) -> None:
        socket = directory / "socket"
        self.environment = {
            **os.environ,
            "PULSE_SERVER": f"unix:{socket}",
            "XDG_RUNTIME_DIR": str(directory),
            "HOME": str(directory),
        }
        self._socket = socket
        self._directory = directory
        self._heard = directory / "parec.out"
        self._processes: list[subprocess.Popen[bytes]] = []

    def start(self) -> None:
        """Start the server and a new recording; returns when it runs."""
        script = self._directory / "script.pa"
        script.write_text(SCRIPT.format(socket=self._socket))
        options = ["-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no", "-F"]
        self._run("pulseaudio", *options, str(script))
        self._wait(self._socket.exists)
        source = ["--device=hall.monitor", "--format=s16le", "--rate=22050", "--channels=1"]
        self._run("parec", *source, "--latency-msec=20", "--raw")
        self._wait(lambda: self._heard.stat().st_size > 0)

    def recording(self) -> Recording:
        """Return what has been heard so far."""
        content = self._heard.read_bytes()
        return Recording(array("h", content[: len(content) // 2 * 2]))

    def heard_until_now(self) -> Recording:
        """Return what has been played; the last of it reaches the recording a little later."""
        wanted = len(self.recording().samples) + TAIL
        self._wait(lambda: len(self.recording().samples) >= wanted)
        return Recording(self.recording().samples[:wanted])

    def play(self, path: Path) -> None:
        """Let somebody else play a file in the hall."""
        subprocess.run(["paplay", str(path)], env=self.environment, check=True, timeout=60)

    def stop(self) -> None:
        """End the recording, then the server."""
        for process in reversed(self._processes):
            process.terminate()
            try:
                process.wait(READY_WITHIN_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._processes.clear()
        self._socket.unlink(missing_ok=True)

    def _run(self, *command: str) -> None:
        with (
            (self._directory / f"{command[0]}.out").open("wb") as output,
            (self._directory / f"{command[0]}.log").open("wb") as log,
        ):
            self._processes.append(
                subprocess.Popen(
                    [*FIRST_OF_ALL, *command], env=self.environment, stdout=output, stderr=log
                )
            )

    def _wait(self, ready: Callable[[], bool]) -> None:
        deadline = time.monotonic() + READY_WITHIN_S
        while not ready():
            logs = "".join(path.read_text() for path in self._directory.glob("*.log"))
            assert all(process.poll() is None for process in self._processes), logs
            assert time.monotonic() < deadline, logs
            threading.Event().wait(0.02)


@pytest.fixture
def hall() -> Iterator[Hall]:
    """Start a sound server with one output that nobody else hears."""
    if shutil.which("pulseaudio") is None:
        pytest.skip("pulseaudio is not installed")
    # Not tmp_path: the name of a socket has at most 107 bytes.
    with tempfile.TemporaryDirectory(prefix="denluot-hall-") as directory:
        hall = Hall(Path(directory))
        try:
            hall.start()
            yield hall
        finally:
            hall.stop()
