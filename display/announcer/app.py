"""Follow the boards' state, speak the calls, and acknowledge only what was heard."""

import logging
import threading
import time
from collections import deque
from pathlib import Path

from msgspec.structs import replace

from bus.orders import AnyOrder, SetVolume, Speak, SpeakCall
from bus.session import Session
from bus.states import BoardState, ConfigState
from bus.vocabulary import OrderOutcome, SkipReason
from config import Centre, Clock, ConfigError, centre_from_wire
from config.watchdog import Watchdog
from display.announcer.call_queue import CallQueue, Saying, Terms, Text, Utterance, Verdict
from display.announcer.health import Health
from display.announcer.history import History, load_history, save_history
from display.announcer.receipts import Promises, Receipts
from display.announcer.terms import Level, counters_of, has_deputy
from display.announcer.voice import Voice
from hardware.owner import Owner
from hardware.speaker import (
    NoOutputError,
    Sound,
    Speaker,
    SpeakerError,
    SpeakerStoppedError,
)
from voice.errors import SpeechError

_log = logging.getLogger(__name__)

_CHECK_OUTPUT_S = 60.0
_LOOK_AT_THE_HOUR_S = 30.0
"""How often, on the centre's clock, a silent announcer sees whether quiet hours begin."""
_BROKER_ANSWERS_S = 1.0
"""How soon the broker answers while the cable is whole, in real seconds."""
_AFTER_FAILURE_S = 1.0


class Announcer:
    """One loudspeaker's voice: bus handlers only note what is to be said, one thread says it."""

    def __init__(
        self,
        link: Session,
        speaker: Speaker,
        voice: Voice,
        clock: Clock,
        history: Path,
        *,
        watchdog: Watchdog | None = None,
    ) -> None:
        """Speak as the device of `link`; `history` keeps what was spoken over restarts."""
        self._link = link
        self._speaker = speaker
        self._voice = voice
        self._clock = clock
        self._path = history
        self._watchdog = watchdog or Watchdog()
        self._health = Health(link.set_health)
        self._receipts = Receipts(link)
        self._past = load_history(history)
        # Guards everything below: the bus's thread adds to it, the player's takes from it.
        self._lock = threading.Lock()
        self._line = CallQueue(self._past.epoch, self._past.settled)
        self._level = Level(link.now, self._past.volume)
        self._promises = Promises(clock, self._duration_s)
        self._centre: Centre | None = None
        self._terms = Terms()
        self._board: BoardState | None = None
        self._seen_orders: deque[str] = deque(maxlen=100)
        self._saying: Saying | None = None
        self._busy_until = 0.0
        self._has_deputy = False
        self._in_touch = True
        """The boards' state is of this link; without it a deputy may have taken calls over."""
        self._check_at = 0.0
        self._player = Owner(
            "player", self._say_next, self._give_up, lambda: None, (_AFTER_FAILURE_S,)
        )

    def start(self) -> None:
        """Look for the sound output, connect, and begin to speak."""
        self._check_output()
        self._link.bus.on_link(self._take_link)
        self._link.follow_config(self._take_config)
        self._link.follow_board(self._take_board)
        self._link.follow_orders(self._take_order)
        self._player.start()
        self._link.start()

    def stop(self) -> None:
        """Cut off what is being said, which is said again after a restart, and disconnect."""
        self._player.ask_to_stop()
        self._speaker.stop()
        self._player.stop()
        self._link.stop()

    # On the bus's thread ---------------------------------------------------------------------

    def _take_link(self, up: bool) -> None:
        if not up:
            with self._lock:
                self._in_touch = False

    def _take_config(self, state: ConfigState) -> None:
        try:
            centre = centre_from_wire(state.centre)
            self._level.follow(centre)
        except (ConfigError, ValueError, KeyError) as error:
            _log.warning("configuration not understood, keeping the last error=%s", error)
            return
        counters = counters_of(centre, self._link.device)
        with self._lock:
            self._centre = centre
            self._has_deputy = has_deputy(centre, self._link.device)
            self._terms = Terms(
                max_age_s=centre.rules.speak_max_age_s,
                times=centre.rules.spoken_times,
                counters=counters,
                device=self._link.device,
            )
            board, self._board = self._board, None
            self._player.wake()
        self._health.standing_by(counters is not None and not counters)
        if board:
            self._take_board(board)

    def _take_board(self, state: BoardState) -> None:
        with self._lock:
            if self._centre is None:
                self._board = state
                return
            if state.epoch != self._line.epoch:
                self._saying = None
                self._promises.forget()
            # A state that the broker kept was true when it was published: it is of now.
            present = replace(state, at=max(state.at, self._link.now()))
            verdicts = self._line.take(present, self._terms, self._clock.monotonic())
            verdicts += self._silence()
            told = self._promise()
            self._in_touch = True
            self._player.wake()
        self._receipts.skipped(state.epoch, verdicts)
        self._receipts.accepted(*told)
        self._tell_lost_texts()

    def _take_order(self, order: AnyOrder) -> None:
        verdicts: list[Verdict] = []
        with self._lock:
            if order.id in self._seen_orders:
                return
            self._seen_orders.append(order.id)
            if isinstance(order, SetVolume):
                self._level.managers = order.volume
            elif isinstance(order, Speak):
                self._line.add(order, self._clock.monotonic(), self._lasts_s(order))
            elif isinstance(order, SpeakCall):
                if self._link.now.heard:  # an order may have been under way for long
                    order = replace(order, at=max(order.at, self._link.now()))
                verdicts = self._line.stand_in(order, self._clock.monotonic())
            epoch, verdicts = self._line.epoch, verdicts + self._silence()
            told = self._promise()
            self._player.wake()
        self._receipts.skipped(epoch, verdicts)
        self._receipts.accepted(*told)
        self._tell_lost_texts()
        if isinstance(order, SetVolume):
            self._link.report(order.id, OrderOutcome.DONE)

    # On the player's thread ------------------------------------------------------------------

    def _give_up(self, error: Exception) -> None:
        """Say of the call in hand that it was not heard, after an error of ours."""
        with self._lock:
            epoch, verdicts = self._line.epoch, self._line.give_up(SkipReason.FAILED)
            self._saying = None
        self._health.output_failed(repr(error))
        self._receipts.skipped(epoch, verdicts)
        self._tell_lost_texts()

    def _say_next(self) -> float:
        """Say what is next; return how long to rest when there is nothing."""
        self._watchdog.feed()
        self._look_for_output()
        calls = self._may_call()
        with self._lock:
            epoch, verdicts = self._line.epoch, self._silence()
            if self._health.mute:
                verdicts += self._line.give_up_waiting(SkipReason.NO_OUTPUT)
            saying = self._saying = self._line.next(self._clock.monotonic(), calls=calls)
            if saying:
                self._busy_until = self._clock.monotonic() + self._duration_s(saying)
            told = self._promise()
            volume, quiet = self._level.volume, self._level.quiet
        self._receipts.skipped(epoch, verdicts)
        self._receipts.accepted(*told)
        self._tell_lost_texts()
        self._health.level(volume, quiet=quiet)
        self._keep()
        if saying:
            urgent = isinstance(saying, Text) and saying.order.urgent
            self._say(saying, epoch, 1.0 if urgent else volume)
            return 0.0
        longest_s = self._clock.real_s(_LOOK_AT_THE_HOUR_S) if calls else _BROKER_ANSWERS_S
        longest_s = min(longest_s, self._watchdog.every_s or longest_s)
        return min(max(0.0, self._check_at - time.monotonic()), longest_s)

    def _may_call(self) -> bool:
        """Return whether calls are for this announcer: no other speaks in its place.

        Another does when the cable is cut, which shows late. So the broker is asked before each.
        """
        with self._lock:
            alone, in_touch, calls = not self._has_deputy, self._in_touch, self._line.has_calls
        if alone or not in_touch or not calls:
            return alone or in_touch
        return self._link.reaches_broker(_BROKER_ANSWERS_S)

    def _say(self, saying: Saying, epoch: str, volume: float) -> None:
        try:
            sound = self._sound(saying)
            with self._lock:
                self._busy_until = self._clock.monotonic() + sound.duration_s
                told = self._promise()
            self._receipts.accepted(*told)
            self._speaker.play(sound, volume)
        except SpeakerStoppedError:
            return
        except (SpeechError, SpeakerError) as error:
            self._fail(error)
            return
        with self._lock:
            first, self._saying = self._line.finish(saying), None
        self._health.heard(self._voice.source)
        if isinstance(saying, Text):
            self._link.report(saying.order.id, OrderOutcome.DONE)
        if first and isinstance(saying, Utterance):
            _log.info("spoken call_seq=%s number=%s", saying.call.call_seq, saying.call.number)
            self._receipts.spoken(epoch, saying.call.call_seq)
            self._keep()

    def _fail(self, error: SpeechError | SpeakerError) -> None:
        """Say that nothing was heard: to the service per call, to managers as health."""
        with self._lock:
            epoch, self._saying = self._line.epoch, None
            if isinstance(error, SpeechError):
                verdicts = self._line.give_up(SkipReason.NO_VOICE)
            else:
                gone = isinstance(error, NoOutputError)
                skip = SkipReason.NO_OUTPUT if gone else SkipReason.FAILED
                verdicts = self._line.give_up(skip)
                if gone or self._has_deputy:  # alone, the next may be heard: it is looked for again
                    verdicts += self._line.give_up_waiting(skip)
        if isinstance(error, SpeechError):
            self._health.voice_lost(str(error))
        else:
            self._health.output_lost(str(error))
        self._receipts.skipped(epoch, verdicts)
        self._tell_lost_texts()

    def _look_for_output(self) -> None:
        """Look now and then, and before a call is given up because there was none."""
        with self._lock:
            waited_for = bool(self._line.ahead())
        if time.monotonic() >= self._check_at or (waited_for and self._health.mute):
            self._check_output()

    def _check_output(self) -> None:
        self._check_at = time.monotonic() + _CHECK_OUTPUT_S
        try:
            self._health.output_found(self._speaker.output())
        except NoOutputError as error:
            self._health.output_lost(str(error))

    def _keep(self) -> None:
        """Keep what was spoken and how loud, if that has changed."""
        with self._lock:
            present = History(self._line.epoch, self._line.settled, self._level.managers)
        if present == self._past:
            return
        self._past = present
        try:
            save_history(self._path, present)
        except OSError as error:
            _log.warning("history not kept path=%s error=%s", self._path, error)

    # On either -------------------------------------------------------------------------------

    def _tell_lost_texts(self) -> None:
        """Say of each text that was given up why nobody heard it."""
        with self._lock:
            lost = self._line.lost_texts()
        for order, skip in lost:
            self._link.report(order.id, OrderOutcome.FAILED, skip)

    # On either, the lock held ----------------------------------------------------------------

    def _silence(self) -> list[Verdict]:
        """Give up what waits while the hall is to be quiet; returns the verdicts."""
        skip = None
        if self._level.quiet:
            skip = SkipReason.QUIET_HOURS
        elif self._level.volume == 0:
            skip = SkipReason.MUTED
        return self._line.give_up_waiting(skip) if skip else []

    def _promise(self) -> tuple[str, list[tuple[int, float]]]:
        """Return what the service is to be told of the ends; nothing until there is an output."""
        if self._health.mute:
            return self._line.epoch, []
        ahead = self._line.ahead()
        return self._line.epoch, self._promises.renew(self._saying, self._busy_until, ahead)

    def _lasts_s(self, order: Speak) -> float | None:
        """Return for how long a text may still wait; an order may have been under way for long."""
        if order.expires_at is None:
            return None
        begin = self._link.now() if self._link.now.heard else order.at
        return (order.expires_at - begin).total_seconds()

    def _sound(self, saying: Saying) -> Sound:
        if isinstance(saying, Text):
            return self._voice.text(saying)
        return self._voice.sound(saying, collects_result=self._collects(saying))

    def _duration_s(self, saying: Saying) -> float:
        if isinstance(saying, Text):
            return self._voice.text_duration_s(saying)
        return self._voice.duration_s(saying, collects_result=self._collects(saying))

    def _collects(self, utterance: Utterance) -> bool:
        services = self._centre.services if self._centre else ()
        code = utterance.call.service
        return any(service.collects_result for service in services if service.code == code)
