"""What can go wrong between a text and its sound."""


class VoiceError(Exception):
    """The base of the errors of voices; the message says what to do."""


class PackError(VoiceError):
    """A clip pack cannot be used; names its file and what would be right."""


class MissingClipError(VoiceError):
    """A pack has no clip for one of a sentence's words."""


class SpeechError(VoiceError):
    """The speech program is missing or failed, so a sentence has no voice."""


class SpeechMissingError(SpeechError):
    """The speech program is not installed, or has no voice for the language."""


class FetchError(VoiceError):
    """The server did not hand a pack out."""
