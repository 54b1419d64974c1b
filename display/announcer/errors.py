"""What can go wrong between a call and its sound."""


class AnnouncerError(Exception):
    """The base of the announcer's errors; the message says what to do."""


class PackError(AnnouncerError):
    """A clip pack cannot be used; names its file and what would be right."""


class MissingClipError(AnnouncerError):
    """A pack has no clip for one of a sentence's words."""


class SpeechError(AnnouncerError):
    """The speech program is missing or failed, so a sentence has no voice."""
