"""What can go wrong with a loudspeaker."""


class SpeakerError(Exception):
    """The base of the loudspeaker's errors; the message says what to do."""


class SoundFormatError(SpeakerError):
    """A file is not a sound that can be played: mono 16-bit PCM WAV."""


class NoOutputError(SpeakerError):
    """There is no sound output, so nothing can be heard."""


class NoInputError(SpeakerError):
    """There is no microphone, so nothing can be recorded."""


class PlaybackError(SpeakerError):
    """The output took the sound but did not play it to its end."""


class SpeakerStoppedError(SpeakerError):
    """The speaker was stopped before the last sample was played."""
