"""The machine's sound output, by miniaudio."""

import threading
import time
from collections.abc import Generator, Sequence
from types import ModuleType

import miniaudio

from hardware.speaker.backends import Found, named, real_backends, real_devices
from hardware.speaker.sound import (
    NoOutputError,
    PlaybackError,
    Sound,
    SoundCutError,
    SpeakerStoppedError,
)

_PERIOD_MS = 80
"""A machine that has much to do hands samples on late; three periods lie ahead of them."""
_TAIL_S = 0.3
"""Silence after the sound, until all periods of the output's buffer have been played."""
_PATIENCE_S = 3.0
"""How much longer than the sound its playback may take."""


class SoundCardSpeaker:
    """Plays on the output whose name contains `output`, or on the default one.

    The output is looked up before every sound, because cards and servers come and go; the stream
    is kept open between sounds, because every opening costs memory that miniaudio never returns.
    """

    def __init__(
        self,
        output: str = "",
        volume: float = 1.0,
        backends: Sequence[miniaudio.Backend] | None = None,
        *,
        library: ModuleType = miniaudio,
        patience_s: float = _PATIENCE_S,
    ) -> None:
        """Play by `library`, giving a sound up that takes `patience_s` longer than it should."""
        self._backends = real_backends() if backends is None else list(backends)
        self._library = library
        self._patience_s = patience_s
        self._wanted = output
        self._volume = volume
        self._stream: miniaudio.PlaybackDevice | None = None
        self._opened: tuple[str, int] | None = None
        self._stopped = False
        self._feed: _Feed | None = None

    def output(self) -> str:
        """Return the name of the output that would play now; raises NoOutputError."""
        name: str = self._find()["name"]
        return name

    def play(self, sound: Sound, volume: float = 1.0, cut: threading.Event | None = None) -> None:
        """Play `sound` and return after its last sample was played."""
        stream = self._open(sound.rate)
        feed = _Feed(sound.at(self._volume * volume).samples, sound.rate, cut)
        self._feed = feed
        if self._stopped:
            feed.ended.set()
        began = time.monotonic()
        try:
            stream.start(feed.frames)
            ended = feed.ended.wait(sound.duration_s + _TAIL_S + self._patience_s)
            stream.stop()
        except miniaudio.MiniaudioError as error:
            self._close()
            raise PlaybackError(f"the sound output failed: {error}") from error
        if self._stopped:
            self._close()
            raise SpeakerStoppedError(f"stopped while playing {sound.name}")
        if feed.was_cut:
            raise SoundCutError(sound.name, min(feed.played_s, sound.duration_s))
        if not ended:
            self._close()
            raise PlaybackError(
                f"the sound output stood still: {sound.duration_s:.1f} s were not played "
                f"in {time.monotonic() - began:.1f} s; check the sound card"
            )

    def stop(self) -> None:
        """Cut off what is being played, for good."""
        self._stopped = True
        if self._feed:
            self._feed.ended.set()

    def _find(self) -> Found:
        try:
            found = self._library.Devices(self._backends).get_playbacks()
        except miniaudio.MiniaudioError as error:
            raise NoOutputError(
                "no sound output: connect a loudspeaker or sound card, or start the sound server"
            ) from error
        outputs = real_devices(found)
        if not outputs:
            raise NoOutputError(
                "no sound output: connect a loudspeaker or sound card, or start the sound server"
            )
        output = named(outputs, self._wanted)
        if output is None:
            names = ", ".join(one["name"] for one in outputs)
            raise NoOutputError(f"no sound output named {self._wanted!r}; there are: {names}")
        return output

    def _open(self, rate: int) -> miniaudio.PlaybackDevice:
        found = self._find()
        if self._stream and self._opened == (found["name"], rate):
            return self._stream
        self._close()
        try:
            self._stream = self._library.PlaybackDevice(
                nchannels=1,
                sample_rate=rate,
                buffersize_msec=_PERIOD_MS,
                device_id=found["id"] if self._wanted else None,
                backends=self._backends,
                app_name="Đến Lượt",
            )
        except miniaudio.MiniaudioError as error:
            raise NoOutputError(f"the output {found['name']!r} cannot be opened") from error
        self._opened = (found["name"], rate)
        return self._stream

    def _close(self) -> None:
        if self._stream:
            self._stream.close()
        self._stream = None


class _Feed:
    """Hands samples to the output's thread, and knows when the last one has been played."""

    def __init__(self, samples: bytes, rate: int, cut: threading.Event | None) -> None:
        self.ended = threading.Event()
        self.was_cut = False
        self.played_s = 0.0
        self._samples = samples
        self._rate = rate
        self._cut = cut
        self._end = len(samples) + 2 * round(_TAIL_S * rate)
        self.frames = self._frames()
        next(self.frames)

    def _frames(self) -> Generator[bytes, int, None]:
        position = 0
        wanted = yield b""
        while True:
            count = 2 * wanted
            if self._cut and self._cut.is_set() and not self.ended.is_set():
                self.was_cut = True
                self.ended.set()
            piece = b"" if self.was_cut else self._samples[position : position + count]
            self.played_s = position / (2 * self._rate)
            position += count
            if position >= self._end:
                self.ended.set()
            wanted = yield piece.ljust(count, b"\0")
