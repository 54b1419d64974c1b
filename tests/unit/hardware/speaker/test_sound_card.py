from array import array
from collections.abc import Generator, Sequence
from types import ModuleType

import miniaudio
import pytest

from hardware.speaker import NoOutputError, PlaybackError, Sound, silence
from hardware.speaker.sound_card import SoundCardSpeaker

NULL = [miniaudio.Backend.NULL]
PIECE = 100
OUTPUTS = ("Loa trần HDMI", "USB Audio")
SHORT = Sound("call", silence(0.1))


class Stream:
    """Stands for miniaudio's stream: takes all frames at once."""

    def __init__(self, **_: object) -> None:
        self.taken = b""

    def start(self, frames: Generator[bytes, int, None]) -> None:
        self.taken = b"".join(frames.send(PIECE) for _ in range(200))

    def stop(self) -> None:
        """The real one stops here."""

    def close(self) -> None:
        """The real one closes here."""


class StandingStream(Stream):
    def start(self, frames: Generator[bytes, int, None]) -> None:
        """Take nothing."""


class BrokenStream(Stream):
    def start(self, frames: Generator[bytes, int, None]) -> None:
        del frames
        raise miniaudio.MiniaudioError("failed to start audio device", -1)


class Library(ModuleType):
    """Stands for miniaudio on a machine with some outputs."""

    def __init__(self, *streams: type[Stream], names: Sequence[str] | None = OUTPUTS) -> None:
        super().__init__("miniaudio")
        self.names = names
        self.opened: list[Stream] = []
        self._streams = list(streams or [Stream])

    def Devices(self, _: object) -> "Library":  # noqa: N802 - miniaudio's name
        if self.names is None:
            raise miniaudio.MiniaudioError("cannot init context", -401)
        return self

    def get_playbacks(self) -> list[dict[str, object]]:
        return [{"name": name, "id": name} for name in self.names or ()]

    def PlaybackDevice(self, **options: object) -> Stream:  # noqa: N802 - miniaudio's name
        kind = self._streams[min(len(self.opened), len(self._streams) - 1)]
        self.opened.append(kind(**options))
        return self.opened[-1]


def test_every_sample_reaches_the_output_and_silence_after_it() -> None:
    library = Library()
    samples = array("h", range(1, 5000)).tobytes()
    SoundCardSpeaker(backends=NULL, library=library).play(Sound("call", samples))
    assert library.opened[0].taken.startswith(samples)
    assert not library.opened[0].taken[len(samples) :].strip(b"\0")


def test_volume_scales_the_samples() -> None:
    library = Library()
    speaker = SoundCardSpeaker(volume=0.5, backends=NULL, library=library)
    sound = Sound("call", array("h", [1000, -1000]).tobytes())
    speaker.play(sound)
    assert array("h", library.opened[0].taken)[:3].tolist() == [500, -500, 0]
    speaker.play(sound, 0.1)
    assert array("h", library.opened[0].taken)[:3].tolist() == [50, -50, 0]


def test_the_stream_stays_open_between_sounds() -> None:
    library = Library()
    speaker = SoundCardSpeaker(backends=NULL, library=library)
    for _ in range(3):
        speaker.play(SHORT)
    assert len(library.opened) == 1


def test_another_output_gets_its_own_stream() -> None:
    library = Library()
    speaker = SoundCardSpeaker(backends=NULL, library=library)
    speaker.play(SHORT)
    library.names = ["USB Audio"]
    speaker.play(SHORT)
    assert len(library.opened) == 2


def test_outputs_that_swallow_all_sound_are_none() -> None:
    deaf = ["Discard all samples (playback) or generate zero samples (capture)", "Dummy Output"]
    with pytest.raises(NoOutputError, match="connect a loudspeaker"):
        SoundCardSpeaker(backends=NULL, library=Library(names=deaf)).output()


def test_an_output_is_chosen_by_part_of_its_name() -> None:
    library = Library()
    assert SoundCardSpeaker("usb", backends=NULL, library=library).output() == "USB Audio"
    assert SoundCardSpeaker(backends=NULL, library=library).output() == OUTPUTS[0]
    with pytest.raises(NoOutputError, match="named 'jack'; there are: Loa trần HDMI, USB Audio"):
        SoundCardSpeaker("jack", backends=NULL, library=library).output()


def test_an_output_that_stands_still_is_found_out() -> None:
    library = Library(StandingStream)
    speaker = SoundCardSpeaker(backends=NULL, library=library, patience_s=0.1)
    with pytest.raises(PlaybackError, match="stood still"):
        speaker.play(SHORT)


def test_a_failing_output_is_opened_anew() -> None:
    speaker = SoundCardSpeaker(backends=NULL, library=Library(BrokenStream, Stream))
    with pytest.raises(PlaybackError, match="the sound output failed"):
        speaker.play(SHORT)
    speaker.play(SHORT)


def test_without_a_sound_system_there_is_no_output() -> None:
    with pytest.raises(NoOutputError, match="start the sound server"):
        SoundCardSpeaker(backends=NULL, library=Library(names=None)).output()


def test_the_null_backend_is_never_taken_by_default() -> None:
    assert miniaudio.Backend.NULL not in SoundCardSpeaker()._backends
