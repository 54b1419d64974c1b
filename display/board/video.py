"""Videos, where Qt's multimedia module is installed; it is an extra because of its size."""

import logging
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QSize, Qt, QUrl, Signal, Slot
from PySide6.QtGui import QImage

_log = logging.getLogger(__name__)

INSTALL = ".venv/bin/pip install -e '.[video]'"
_DUCKED = 0.15
_FRAME_S = 0.08
"""Frames are drawn by the processor: no more than every so many seconds."""


class VideoPlayer(QObject):
    """Plays one file at a time, frame by frame."""

    framed = Signal(QImage)
    ended = Signal(bool)
    """Whether anything was seen."""

    def __init__(self, multimedia: Any, *, heard: bool, parent: QObject) -> None:  # noqa: ANN401
        """Play with Qt's `multimedia` module, aloud when it is to be `heard`."""
        super().__init__(parent)
        self._room = QSize()
        self._seen_us: int | None = None
        self._ducked = False
        self._player = multimedia.QMediaPlayer(self)
        self._sink = multimedia.QVideoSink(self)
        self._sound = multimedia.QAudioOutput(self) if heard else None
        self._status = multimedia.QMediaPlayer.MediaStatus
        self._player.setVideoOutput(self._sink)
        if self._sound:
            self._player.setAudioOutput(self._sound)
        self._sink.videoFrameChanged.connect(self._take_frame)
        self._player.mediaStatusChanged.connect(self._take_status)

    def play(self, file: Path, room: QSize) -> None:
        """Play `file` with frames no larger than `room`, until `ended`."""
        self._room, self._seen_us = room, None
        self._player.setSource(QUrl.fromLocalFile(str(file)))
        self._player.play()

    def duck(self, *, down: bool) -> None:
        """Lower the sound while something else is to be heard."""
        if self._sound:
            self._sound.setVolume(_DUCKED if down else 1.0)

    def stop(self) -> None:
        """Play no more."""
        self._player.stop()
        self._player.setSource(QUrl())

    @Slot(object)
    def _take_frame(self, frame: Any) -> None:  # noqa: ANN401 - a QVideoFrame
        at_us = frame.startTime()
        if self._seen_us is not None and 0 <= at_us - self._seen_us < _FRAME_S * 1e6:
            return
        image = frame.toImage()
        if image.isNull():
            return
        self._seen_us = at_us
        keep = Qt.AspectRatioMode.KeepAspectRatio
        if image.width() > self._room.width() or image.height() > self._room.height():
            image = image.scaled(self._room, keep)
        self.framed.emit(image)

    @Slot(object)
    def _take_status(self, status: object) -> None:
        over = status in (self._status.EndOfMedia, self._status.InvalidMedia)
        if over and not self._player.source().isEmpty():
            self._player.setSource(QUrl())
            self.ended.emit(self._seen_us is not None)


def video_player(parent: QObject, *, heard: bool) -> VideoPlayer | None:
    """Return a player, or None where the extra is not installed."""
    try:
        from PySide6 import QtMultimedia  # noqa: PLC0415 - an extra
    except ImportError as error:
        _log.info("videos are skipped; %s error=%s", INSTALL, error)
        return None
    return VideoPlayer(QtMultimedia, heard=heard, parent=parent)
