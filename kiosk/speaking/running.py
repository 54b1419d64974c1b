"""What reads the screen of this box out, put together: voice, output, headset, keys."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from PySide6.QtCore import QObject, QTimer
from PySide6.QtQuick import QQuickWindow

from bus.session import Deliver, Session
from bus.states import BoardState
from bus.vocabulary import SoundState
from config import ConfigError
from config.process import Launch
from config.settings import FiveKeys as KeySettings
from config.settings import SpeechBox
from hall.citizen.procedures import spoken_texts
from hardware.speaker import open_speaker
from hardware.speaker.headset import HeadsetWatch
from kiosk.app import Kiosk
from kiosk.listening import WEB
from kiosk.screens import KioskScreens
from kiosk.speaking.keys import FiveKeys, key_code
from kiosk.speaking.mouth import SpeakerMouth
from kiosk.speaking.reader import Key, Mouth
from kiosk.speaking.sentence import Sentences
from voice.espeak import Espeak
from voice.shelf import FOLDER as PACKS
from voice.shelf import VoicePacks, fetch_from
from voice.site_clips import FOLDER as TEXTS
from voice.site_clips import SiteClips

_CALL_LASTS = timedelta(seconds=20)
"""How long a call is spoken at most: chime, twice, in two languages."""


class Speech:
    """The voice of one kiosk; started and stopped with it."""

    def __init__(
        self, launch: Launch, box: SpeechBox, kiosk: Kiosk, link: Session, deliver: Deliver
    ) -> None:
        """Put it together, before `link` is started; `deliver` reaches the kiosk's thread."""
        device = launch.device.kiosk.device
        self._kiosk = kiosk
        self._packs = VoicePacks(
            {str(lang): path for lang, path in launch.device.announcer.packs.items()},
            launch.data / PACKS / "kiosk",
            fetch_from(launch.host),
        )
        self._clips = SiteClips(self._packs, Espeak(), launch.data / TEXTS)
        speaker = open_speaker(box.speaker, launch.data, device, launch.clock)
        sentences = Sentences(self._packs, self._clips.sound_of)
        self.mouth = SpeakerMouth(speaker, sentences, deliver)
        self.mouth.on_output = self._heard
        self._headset = _headset(box, kiosk, deliver)
        self._hush = HallCalls(kiosk, link, self.mouth)
        kiosk.speech_is(SoundState.UNKNOWN)
        kiosk.listener.changed.connect(self._follow)
        kiosk.listener.web_said.connect(lambda status: self._packs.follow_server(WEB, status))

    def start(self) -> None:
        """Begin."""
        self._packs.start()
        self._clips.start()
        self.mouth.start()
        if self._headset:
            self._headset.start()

    def stop(self) -> None:
        """Say no more."""
        if self._headset:
            self._headset.stop()
        self.mouth.stop()
        self._clips.stop()
        self._packs.stop()

    def _heard(self, there: bool) -> None:
        self._kiosk.speech_is(SoundState.OK if there else SoundState.NONE)

    def _follow(self) -> None:
        centre = self._kiosk.listener.snapshot.centre
        if centre:
            self._clips.follow(centre)
            langs = centre.identity.languages
            self._clips.want("procedures", spoken_texts(self._kiosk.listener.snapshot, langs))


class HallCalls(QObject):
    """Lowers the voice while the hall's loudspeaker calls."""

    def __init__(self, kiosk: Kiosk, link: Session, mouth: Mouth) -> None:
        super().__init__(kiosk)
        self._now = link.now
        self._mouth = mouth
        self._over = QTimer(self)
        self._over.setSingleShot(True)
        self._over.timeout.connect(lambda: mouth.hush(hushed=False))
        link.follow_board(self.hear)

    def hear(self, state: BoardState) -> None:
        """Take what is called now."""
        live = [call for call in state.calls if not call.withdrawn]
        left = max((call.at for call in live), default=state.at - _CALL_LASTS)
        left_s = (left + _CALL_LASTS - self._now()).total_seconds()
        if left_s > 0:
            self._mouth.hush(hushed=True)
            self._over.start(round(min(left_s, _CALL_LASTS.total_seconds()) * 1000))


def five_keys(
    window: QQuickWindow,
    screens: KioskScreens,
    codes: dict[int, Key],
    monotonic: Callable[[], float],
) -> FiveKeys:
    """Let the five keys move on a window, but while its maintenance menu is open."""
    return FiveKeys(
        window, screens.reader, codes, monotonic, lambda: screens.maintenance.state.open
    )


def codes_of(settings: KeySettings) -> dict[int, Key]:
    """Return Qt's codes of the five keys; raises ConfigError for one that Qt does not know."""
    codes: dict[int, Key] = {}
    for key in Key:
        for name in getattr(settings, key.value):
            try:
                code = key_code(name)
            except KeyError as error:
                raise ConfigError(
                    f"no key is named {name!r}: Left, Right, Up, Down, Return, F1 and so on "
                    f"- at $.kiosk.speech.keys.{key.value}"
                ) from error
            if codes.setdefault(code, key) is not key:
                raise ConfigError(f"{name} is two keys at once - at $.kiosk.speech.keys.{key}")
    return codes


def _headset(box: SpeechBox, kiosk: Kiosk, deliver: Deliver) -> HeadsetWatch | None:
    if not box.headset:
        return None

    def changed(plugged: bool) -> None:
        deliver(kiosk.listen if plugged else kiosk.unplugged)

    return HeadsetWatch(Path(box.headset), changed)
