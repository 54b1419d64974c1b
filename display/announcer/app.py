"""Follow the boards' state, speak the calls, and acknowledge only what was heard."""

import logging
import threading
import time
from collections import deque
from collections.abc import Iterable
from pathlib import Path

from bus.device import DeviceLink
from bus.messages import (
    Acknowledgement,
    AckOutcome,
    AnyOrder,
    BoardState,
    ConfigState,
    SetVolume,
    Speak,
)
from config import Centre, Clock, ConfigError, centre_from_wire
from display.announcer.errors import SpeechError
from display.announcer.health import Health
from display.announcer.history import History, load_history, save_history
from display.announcer.line import Line, Skip, Terms, Utterance, Verdict
from display.announcer.voice import GUESSED_S, Voice
from hardware.speaker import (
    NoOutputError,
    Sound,
    Speaker,
    SpeakerError,
    SpeakerStoppedError,
)

_log = logging.getLogger(__name__)

_CHECK_OUTPUT_S = 60.0
_STOP_WITHIN_S = 5.0
_MARGIN_S = 2.0
_MARGIN_REAL_S = 0.2
"""What the machine itself may take for a call that is announced, in the wall's time."""
_LONGEST_ETA_S = 3600.0


class Announcer:
    """One loudspeaker's voice: bus handlers only note what is to be said, one thread says it."""

    def __init__(
        self, link: DeviceLink, speaker: Speaker, voice: Voice, clock: Clock, history: Path
    ) -> None:
        """Speak as the device of `link`; `history` keeps what was spoken over restarts."""
        self._link = link
        self._speaker = speaker
        self._voice = voice
        self._clock = clock
        self._path = history
        self._health = Health(link.set_health)
        past = load_history(history)
        # Guards everything below: the bus's thread adds to it, the player's takes from it.
        self._lock = threading.Condition()
        self._line = Line(past.epoch, past.settled)
        self._centre: Centre | None = None
        self._terms = Terms()
        self._board: BoardState | None = None
        self._texts: deque[Speak] = deque()
        self._seen_orders: deque[str] = deque(maxlen=100)
        self._unsent: deque[Acknowledgement] = deque(maxlen=200)
        self._busy_until = 0.0
        self._stopping = False
        self._check_at = 0.0
        self._player = threading.Thread(target=self._run, name="player", daemon=True)

    def start(self) -> None:
        """Look for the sound output, connect, and begin to speak."""
        self._check_output()
        self._link.bus.on_link(self._on_link)
        self._link.follow_config(self._take_config)
        self._link.follow_board(self._take_board)
        self._link.follow_orders(self._take_order)
        self._player.start()
        self._link.start()

    def stop(self) -> None:
        """Cut off what is being said, which is said again after a restart, and disconnect."""
        with self._lock:
            self._stopping = True
            self._lock.notify()
        self._speaker.stop()
        self._player.join(_STOP_WITHIN_S)
        self._link.stop()

    # On the bus's thread ---------------------------------------------------------------------

    def _take_config(self, state: ConfigState) -> None:
        try:
            centre = centre_from_wire(state.centre)
        except ConfigError as error:
            _log.warning("configuration not understood, keeping the last error=%s", error)
            return
        known = centre.device(self._link.device)
        with self._lock:
            self._centre = centre
            self._terms = Terms(
                max_age_s=centre.rules.speak_max_age_s,
                times=centre.rules.spoken_times,
                counters=frozenset(known.counters if known else ()),
            )
            board, self._board = self._board, None
        if board:
            self._take_board(board)

    def _take_board(self, state: BoardState) -> None:
        with self._lock:
            if self._centre is None:
                self._board = state
                return
            verdicts = self._line.take(state, self._terms, self._clock.monotonic())
            if self._health.mute:
                verdicts = [verdict for verdict in verdicts if verdict.skip]
                verdicts += self._line.give_up_all(Skip.NO_OUTPUT)
            etas = {v.call.call_seq: self._eta_s(v.call.call_seq) for v in verdicts if not v.skip}
            self._lock.notify()
        for verdict in verdicts:
            if verdict.skip:
                self._skipped(state.epoch, verdict)
            else:
                seq = verdict.call.call_seq
                self._acknowledge(state.epoch, seq, AckOutcome.ACCEPTED, eta_s=etas[seq])

    def _take_order(self, order: AnyOrder) -> None:
        with self._lock:
            if order.id in self._seen_orders:
                return
            self._seen_orders.append(order.id)
            if isinstance(order, Speak):
                self._texts.append(order)
                self._lock.notify()
        if isinstance(order, SetVolume):
            self._speaker.set_volume(order.volume)
            self._health.volume_set(order.volume)

    def _on_link(self, up: bool) -> None:
        while up and self._unsent:
            self._link.acknowledge(self._unsent.popleft())

    # On the player's thread ------------------------------------------------------------------

    def _run(self) -> None:
        while not self._stopping:
            try:
                self._say_next()
            except Exception:  # noqa: BLE001 - the outermost loop; the next call is spoken
                _log.exception("speaking failed")
                with self._lock:
                    epoch, verdicts = self._line.epoch, self._line.give_up(Skip.FAILED)
                self._refuse(epoch, verdicts)

    def _say_next(self) -> None:
        with self._lock:
            job, epoch = self._next_job(), self._line.epoch
        if isinstance(job, Utterance):
            self._say_call(job, epoch)
        elif job:
            self._say_text(job)
        elif time.monotonic() >= self._check_at:
            self._check_output()

    def _next_job(self) -> Utterance | Speak | None:
        """Return what to say now, waiting a while if there is nothing; the lock is held."""
        if self._texts:
            self._busy_until = self._clock.monotonic() + GUESSED_S
            return self._texts.popleft()
        now = self._clock.monotonic()
        utterance = self._line.next(now)
        if utterance:
            self._busy_until = now + self._duration_s(utterance)
        elif not self._stopping:
            self._lock.wait(max(0.0, self._check_at - time.monotonic()))
        return utterance

    def _say_call(self, utterance: Utterance, epoch: str) -> None:
        seq = utterance.call.call_seq
        try:
            self._play(self._voice.sound(utterance, collects_result=self._collects(utterance)))
        except SpeakerStoppedError:
            return
        except (SpeechError, SpeakerError) as error:
            self._fail(epoch, error)
            return
        with self._lock:
            first = self._line.finish(utterance)
            history = History(self._line.epoch, self._line.settled)
        self._health.heard(self._voice.source)
        if first:
            _log.info("spoken call_seq=%s number=%s", seq, utterance.call.number)
            self._acknowledge(epoch, seq, AckOutcome.SPOKEN)
            self._keep(history)

    def _say_text(self, order: Speak) -> None:
        try:
            self._play(self._voice.text(order.text, order.lang, f"text-{order.id}"))
        except SpeakerStoppedError:
            return
        except (SpeechError, SpeakerError) as error:
            self._fail(self._line.epoch, error)

    def _play(self, sound: Sound) -> None:
        with self._lock:
            self._busy_until = self._clock.monotonic() + sound.duration_s
        self._speaker.play(sound)

    def _fail(self, epoch: str, error: SpeechError | SpeakerError) -> None:
        """Say that nothing was heard: to the service per call, to managers as health."""
        with self._lock:
            if isinstance(error, SpeechError):
                verdicts = self._line.give_up(Skip.NO_VOICE)
            elif isinstance(error, NoOutputError):
                verdicts = self._line.give_up_all(Skip.NO_OUTPUT)
            else:
                verdicts = self._line.give_up_all(Skip.FAILED)
        if isinstance(error, SpeechError):
            self._health.voice_lost(str(error))
        else:
            self._health.output_lost(str(error))
        self._refuse(epoch, verdicts)

    def _check_output(self) -> None:
        self._check_at = time.monotonic() + _CHECK_OUTPUT_S
        try:
            self._health.output_found(self._speaker.output())
        except NoOutputError as error:
            self._health.output_lost(str(error))

    # On either -------------------------------------------------------------------------------

    def _acknowledge(
        self,
        epoch: str,
        call_seq: int,
        outcome: AckOutcome,
        *,
        reason: str | None = None,
        eta_s: float | None = None,
    ) -> None:
        acknowledgement = Acknowledgement(
            epoch=epoch, call_seq=call_seq, outcome=outcome, reason=reason, eta_s=eta_s
        )
        if self._link.connected:
            self._link.acknowledge(acknowledgement)
        else:
            self._unsent.append(acknowledgement)

    def _refuse(self, epoch: str, verdicts: Iterable[Verdict]) -> None:
        for verdict in verdicts:
            self._skipped(epoch, verdict)

    def _skipped(self, epoch: str, verdict: Verdict) -> None:
        call = verdict.call
        _log.info("skipped call_seq=%s number=%s why=%s", call.call_seq, call.number, verdict.skip)
        self._acknowledge(epoch, call.call_seq, AckOutcome.SKIPPED, reason=verdict.skip)

    def _eta_s(self, call_seq: int) -> float:
        """Return in how many seconds at most the call will have been heard; the lock is held."""
        wait = max(0.0, self._busy_until - self._clock.monotonic())
        wait += len(self._texts) * GUESSED_S
        before = self._line.before(call_seq)
        wait += sum(self._duration_s(utterance) for utterance in before)
        wait += (1 + len(before)) * _MARGIN_REAL_S / self._clock.real_s(1)
        return round(min(wait + _MARGIN_S, _LONGEST_ETA_S), 1)

    def _duration_s(self, utterance: Utterance) -> float:
        return self._voice.duration_s(utterance, collects_result=self._collects(utterance))

    def _collects(self, utterance: Utterance) -> bool:
        services = self._centre.services if self._centre else ()
        code = utterance.call.service
        return any(service.collects_result for service in services if service.code == code)

    def _keep(self, history: History) -> None:
        try:
            save_history(self._path, history)
        except OSError as error:
            _log.warning("history not kept path=%s error=%s", self._path, error)
