"""How the announcer is: whether it can be heard and with which voice."""

import logging
import threading
from collections.abc import Callable

from msgspec.structs import replace

from bus.health import AnnouncerHealth
from bus.vocabulary import SoundState, VoiceState

_log = logging.getLogger(__name__)

Publish = Callable[[AnnouncerHealth, str | None], None]


class Health:
    """Collects what is known and publishes it on change, with a message that says what to do."""

    def __init__(self, publish: Publish) -> None:
        self._publish = publish
        # Guards the two below: orders come on the bus's thread, the rest on the player's.
        self._lock = threading.Lock()
        self._facts = AnnouncerHealth()
        self._problems: dict[str, str] = {}

    @property
    def mute(self) -> bool:
        """Return whether nothing can be heard, as far as is known."""
        return self._facts.sound is SoundState.NONE

    def heard(self, voice: str) -> None:
        """Note that a sentence was played to its end, with `pack` or `espeak`."""
        self._note("sound", SoundState.OK)
        self._note("voice", VoiceState(voice))

    def output_found(self, name: str) -> None:
        """Note that there is a sound output."""
        self._note("output", name)
        self._note("sound", SoundState.OK)

    def output_lost(self, message: str) -> None:
        """Note that nothing can be heard."""
        self._note("sound", SoundState.NONE, message)

    def output_failed(self, message: str) -> None:
        """Note that an error of ours kept a sentence from being heard; the log has it."""
        self._note("sound", SoundState.FAULT, message)

    def voice_lost(self, message: str) -> None:
        """Note that there was no voice for a sentence."""
        self._note("voice", VoiceState.NONE, message)

    def level(self, volume: float, *, quiet: bool) -> None:
        """Note how loud it is, and whether these are quiet hours."""
        muted = None if volume else "the volume is 0, so no call is spoken; set it higher"
        self._note("volume", round(volume, 2), muted)
        self._note("quiet", quiet)

    def standing_by(self, standby: bool) -> None:
        """Note whether it speaks only in another's place."""
        self._note("standby", standby)

    def _note(self, key: str, value: str | float, problem: str | None = None) -> None:
        with self._lock:
            changed = getattr(self._facts, key) != value
            self._facts = replace(self._facts, **{key: value})
            self._problems.pop(key, None)
            if problem:
                self._problems[key] = problem
            facts, message = self._facts, "; ".join(self._problems.values()) or None
        if changed:
            level = logging.WARNING if problem else logging.INFO
            _log.log(level, "health %s=%s message=%s", key, value, problem)
        self._publish(facts, message)
