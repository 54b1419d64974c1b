"""The machine's sound input, by miniaudio."""

from collections.abc import Generator

import miniaudio

from hardware.speaker.backends import Found, named, real_backends, real_devices
from hardware.speaker.sound import SAMPLE_RATE, NoInputError, Sound

_PERIOD_MS = 40
_LONGEST_S = 30.0
_ADVICE = "no microphone: connect one, or start the sound server"


class Microphone:
    """Records from the input whose name contains `wanted`, or from the default one."""

    def __init__(self, wanted: str = "") -> None:
        self._backends = real_backends()
        self._wanted = wanted
        self._device: miniaudio.CaptureDevice | None = None
        self._heard = bytearray()

    def input(self) -> str:
        """Return the name of the input that would record now; raises NoInputError."""
        name: str = self._find()["name"]
        return name

    def start(self) -> None:
        """Begin to record, at most 30 s; raises NoInputError."""
        found = self._find()
        self._heard = bytearray()
        frames = self._take()
        next(frames)
        try:
            self._device = miniaudio.CaptureDevice(
                nchannels=1,
                sample_rate=SAMPLE_RATE,
                buffersize_msec=_PERIOD_MS,
                device_id=found["id"] if self._wanted else None,
                backends=self._backends,
                app_name="Đến Lượt",
            )
            self._device.start(frames)
        except miniaudio.MiniaudioError as error:
            raise NoInputError(f"the input {found['name']!r} cannot be opened") from error

    def so_far(self) -> Sound:
        """Return what was recorded up to now."""
        return Sound("recording", bytes(self._heard))

    def stop(self) -> Sound:
        """End the recording and return it."""
        if self._device:
            self._device.close()
        self._device = None
        return Sound("recording", bytes(self._heard))

    def _take(self) -> Generator[None, bytes, None]:
        while True:
            piece = yield
            if len(self._heard) < 2 * SAMPLE_RATE * _LONGEST_S:
                self._heard += piece

    def _find(self) -> Found:
        try:
            inputs = real_devices(miniaudio.Devices(self._backends).get_captures())
        except miniaudio.MiniaudioError as error:
            raise NoInputError(_ADVICE) from error
        if not inputs:
            raise NoInputError(_ADVICE)
        found = named(inputs, self._wanted)
        if found is None:
            names = ", ".join(one["name"] for one in inputs)
            raise NoInputError(f"no microphone named {self._wanted!r}; there are: {names}")
        return found
