"""Which sound systems are used, and which of their devices is meant."""

import ctypes
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import miniaudio

# Without the null backend: it would swallow every sound and look as if it played.
_BACKENDS = (
    miniaudio.Backend.WASAPI,
    miniaudio.Backend.COREAUDIO,
    miniaudio.Backend.PULSEAUDIO,
    miniaudio.Backend.ALSA,
    miniaudio.Backend.JACK,
)
# Devices that ALSA and PulseAudio offer where no sound card is.
_DEAF = ("discard all samples", "dummy output")

# ALSA tells its errors to the terminal, at every look for a device that is not there. What
# matters is raised as an error; its handler is variadic, and ignoring the rest is allowed.
_HANDLER = ctypes.CFUNCTYPE(
    None, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p
)(lambda *_: None)

Found = dict[str, Any]


def real_backends() -> list[miniaudio.Backend]:
    """Return the sound systems of this machine that reach somebody's ear."""
    with suppress(OSError):  # no ALSA here
        ctypes.CDLL("libasound.so.2").snd_lib_error_set_handler(_HANDLER)
    enabled = miniaudio.get_enabled_backends()
    return [backend for backend in _BACKENDS if backend in enabled]


def real_devices(found: Sequence[Found]) -> list[Found]:
    """Return the devices that are more than a stand-in for none."""
    return [one for one in found if not one["name"].lower().startswith(_DEAF)]


def named(devices: Sequence[Found], part: str) -> Found | None:
    """Return the first device whose name contains `part`; None if there is none."""
    return next((one for one in devices if part.lower() in one["name"].lower()), None)
