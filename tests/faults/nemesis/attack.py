"""One attack on one hall: start it, do what the schedule says, let it heal, and judge."""

import json
import random
import shutil
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from bus.mqtt import Account
from bus.topics import Topics
from config import Clock
from config.settings import AsciiProtocol
from nemesis.checker import Violation, check
from nemesis.citizens import CLOSING
from nemesis.evidence import bylaws_of, read_evidence
from nemesis.hall import KEYPAD_ADDRESS, PORT, WIRE_PORT, Program, Site
from nemesis.history import Phase, Recorder, read_history
from nemesis.lan import ROOT, SERVER, SWITCH, Lan
from nemesis.schedule import BOXES, EVERYTHING, Do, Step, schedule
from nemesis.wire import Wire
from nemesis.with_clock import set_offset
from nemesis.witness import Liar, Witness, wait_until
from simulators.keypad import SimulatedLine
from wait_log.dialects import store_url

SPEED = 4.0
OPENS = datetime(2026, 11, 23, 1, 24, tzinfo=UTC)
_START_WITHIN_S = 120.0
_HEAL_WITHIN_S = 45.0
"""Tells a hang from a slow machine; what it took is in the outcome."""
_RESTART_S = 0.5
_KEYS = ("next", "next", "start", "recall", "park")


@dataclass(slots=True)
class Outcome:
    """What came of an attack."""

    seed: int
    violations: list[Violation] = field(default_factory=list)
    steps: list[str] = field(default_factory=list)
    healed_s: list[tuple[str, float]] = field(default_factory=list)
    numbers: int = 0
    calls: int = 0
    asked: int = 0
    took_s: float = 0.0


class Attack:
    """Owns the boxes, the hands on them, and the ear in the middle."""

    def __init__(self, site: Site, say: Callable[[str], None]) -> None:
        self._site = site
        self._say = say
        self._lan = Lan(list(BOXES))
        site.prepare()
        self._topics = Topics(site.centre().identity.site)
        self._recorder = Recorder(site.history, "runner")
        self._wire = Wire((SWITCH, WIRE_PORT), (SERVER, PORT), site.seed)
        self._witness = Witness(self._account("observer"), self._topics, self._recorder)
        self._liar = Liar(self._account, self._topics, self._recorder, site.seed)
        self._line = SimulatedLine(
            site.data("desks-b") / "line",
            AsciiProtocol(),
            [KEYPAD_ADDRESS],
            random.Random(site.seed),
        )
        self._full: set[str] = set()
        self._tending = threading.Lock()  # guards that one thread restarts a crashed process
        self.outcome = Outcome(site.seed)

    def run(self, seconds: float) -> Outcome:
        """Attack for so many seconds, then let everything come to rest, and judge it."""
        began = time.monotonic()
        try:
            self._open()
            self._play(seconds)
            self._close()
        finally:
            for program in self._site.programs.values():
                if program.process is not None:
                    program.signal(signal.SIGCONT)
                    program.kill()
        self._judge()
        self.outcome.took_s = time.monotonic() - began
        return self.outcome

    # The day --------------------------------------------------------------------------------

    def _open(self) -> None:
        self._line.plug_in()
        programs = self._site.programs
        programs["broker"].start()
        self._witness.bus.start()
        for name, program in programs.items():
            if name != "broker":
                program.start()
        if not wait_until(self._witness.is_well, _START_WITHIN_S, self._tend):
            raise AssertionError(
                f"the hall does not open: {self._witness.missing()}\n{self.logs()}"
            )
        self._liar.start()
        self._say("the hall is open")

    def _play(self, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        presses = threading.Thread(target=self._press, args=(deadline,), daemon=True)
        presses.start()
        for steps in schedule(self._site.seed, 10_000):
            if time.monotonic() > deadline:
                break
            told = " and ".join(str(step) for step in steps)
            self.outcome.steps.append(told)
            self._say(told)
            self._do(steps)
            self._heal(told)
            wait_until(lambda: False, 0.7, self._tend)
        presses.join(timeout=30)

    def _press(self, deadline: float) -> None:
        """Press a keypad's keys, disturb its line."""
        rng, pause = random.Random(f"{self._site.seed} keys"), threading.Event()
        while time.monotonic() < deadline:
            pause.wait(rng.uniform(0.2, 2.0))
            match rng.randrange(8):
                case 0:
                    self._line.noise()
                case 1:
                    self._line.half(KEYPAD_ADDRESS)
                case 2:
                    self._line.bad_sum(KEYPAD_ADDRESS)
                case key:
                    self._line.press(
                        6,
                        ("next", "next", "next", "start", "recall", "park")[key - 3]
                        if key < 8
                        else "next",
                    )

    def _close(self) -> None:
        (self._site.history / CLOSING).touch()
        self._liar.end()
        if not wait_until(lambda: not self._owed(), _HEAL_WITHIN_S, self._tend):
            self._broken("I2", f"kiosks still owe {self._owed()}")
        if not wait_until(self._witness.is_well, _HEAL_WITHIN_S, self._tend):
            self._broken("I8", f"the hall is not well at the end: {self._witness.missing()}")
        self._witness.bus.stop()
        self._line.vanish()
        for name, program in reversed(self._site.programs.items()):
            code = program.stop()
            if code != 0 and name != "broker":
                self._died(program, code)
        self._wire.pull()

    def _owed(self) -> list[str]:
        """Return the numbers of offline books that the service does not have yet."""
        owed = []
        for kiosk, box in (("kiosk-1", "kiosk-a"), ("kiosk-2", "kiosk-b")):
            book = self._site.data(box) / "kiosk" / f"{kiosk}.book.json"
            if book.exists():
                content = json.loads(book.read_bytes())["content"]
                owed += [delivery["number"] for delivery in content["deliveries"]]
        return owed

    # The hands ------------------------------------------------------------------------------

    def _do(self, steps: tuple[Step, ...]) -> None:
        for step in steps:
            self._begin(step)
        began = time.monotonic()
        for step in sorted(steps, key=lambda step: step.lasts_s):
            left = began + step.lasts_s - time.monotonic()
            wait_until(lambda: False, left, self._tend)
            self._end(step)

    def _begin(self, step: Step) -> None:
        for program in self._hit(step):
            program.kill()
        if step.do is Do.FILL:
            self._full.add(step.target)
        self._hand(step)[0](step.target)

    def _end(self, step: Step) -> None:
        for program in self._hit(step):
            if not program.wanted:
                program.start()
        self._hand(step)[1](step.target)

    def _hand(self, step: Step) -> tuple[Callable[[str], None], Callable[[str], None]]:
        """Return what does a step, and what undoes it."""
        site, lan = self._site, self._lan
        hands: dict[Do, tuple[Callable[[str], None], Callable[[str], None]]] = {
            Do.FREEZE: (
                lambda name: site.programs[name].signal(signal.SIGSTOP),
                lambda name: site.programs[name].signal(signal.SIGCONT),
            ),
            Do.CUT: (lan.cut, lan.mend),
            Do.SWALLOW: (lan.swallow, lan.forward),
            Do.DEAFEN: (lan.deafen, lan.undeafen),
            Do.FILL: (site.fill, site.empty),
            Do.CLOCK: (
                lambda name: set_offset(site.clock_file(name), step.by_s),
                lambda name: set_offset(site.clock_file(name), 0.0),
            ),
            Do.WILD: (lambda _name: self._be_wild(True), lambda _name: self._be_wild(False)),
        }
        return hands.get(step.do, (_nothing, _nothing))

    def _be_wild(self, wild: bool) -> None:
        self._wire.wild = wild

    def _hit(self, step: Step) -> list[Program]:
        programs = self._site.programs
        if step.do is Do.KILL:
            return [programs[step.target]]
        if step.do is not Do.POWER:
            return []
        return [p for p in programs.values() if step.target in (p.box, EVERYTHING)]

    def _heal(self, after: str) -> None:
        """Wait until the hall is well again, and write down how long it took."""
        heal = f"heal-{len(self.outcome.steps)}"
        self._witness.forget()
        self._recorder.write(Phase.INVOKE, "heal", heal, after=after, within_s=_HEAL_WITHIN_S)
        began = time.monotonic()
        if wait_until(self._witness.is_well, _HEAL_WITHIN_S, self._tend):
            self._recorder.write(Phase.OK, "heal", heal)
            self.outcome.healed_s.append((after, time.monotonic() - began))
        self._full.clear()

    def _tend(self) -> None:
        """Start again what ended by itself, as its unit would; write down that it did."""
        with self._tending:
            for program in self._site.programs.values():
                code = program.crashed
                if code is not None:
                    if program.box not in self._full:
                        self._died(program, code)
                    threading.Event().wait(_RESTART_S)
                    program.start()

    # The judgement --------------------------------------------------------------------------

    def _judge(self) -> None:
        site = self._site
        self._papers()
        self._recorder.close()
        history = read_history(site.history)
        centre = site.centre()
        url = store_url(site.data("server"))
        evidence = read_evidence(url, centre.identity.site, bylaws_of(centre, SPEED))
        self.outcome.violations += check(history, evidence)
        self.outcome.numbers = len(evidence.tickets)
        self.outcome.calls = len(evidence.calls)
        self.outcome.asked = sum(op.phase is Phase.INVOKE for op in history)

    def _papers(self) -> None:
        """Write down every paper that came out, from what the simulated printers have kept."""
        for box in ("kiosk-a", "kiosk-b"):
            for paper in (self._site.data(box) / "paper").glob("*/*/*.bin"):
                number, _, rest = paper.stem.partition("-")
                data = {"number": number, "business_day": paper.parent.name}
                self._recorder.write(Phase.NOTE, "paper", **data, copy=rest.startswith("copy"))

    def _died(self, program: Program, code: int) -> None:
        why = f"exit {code}: {program.log.read_text(errors='replace')[-600:]}"
        self._recorder.write(Phase.NOTE, "died", process=program.name, why=why)

    def _broken(self, promise: str, what: str) -> None:
        self.outcome.violations.append(Violation(promise, what))

    def _account(self, device: str) -> Account:
        return Account(SERVER, PORT, "nemesis", device, self._site.passwords[device])

    def logs(self) -> str:
        """Return the end of every process's log."""
        logs = (
            f"--- {name}\n{program.log.read_text(errors='replace')[-1500:]}"
            for name, program in self._site.programs.items()
            if program.log.exists()
        )
        return "\n".join(logs)


def attack(
    tree: Path,
    seed: int,
    seconds: float,
    say: Callable[[str], None],
    keep: Path | None = None,
) -> Outcome:
    """Attack a new hall; with violations its files go to `keep`. Only in namespaces of its own."""
    site = Site(ROOT, tree, seed, Clock.starting(OPENS, SPEED))
    outcome = Attack(site, say).run(seconds)
    if outcome.violations and keep is not None:
        shutil.copytree(ROOT, keep, dirs_exist_ok=True, ignore=_no_sockets)
    return outcome


def _no_sockets(folder: str, names: list[str]) -> list[str]:
    paths = (Path(folder) / name for name in names)
    return [path.name for path in paths if not (path.is_file() or path.is_dir())]


def _nothing(_target: str) -> None:
    """Leave it alone: the processes of a step are seen to apart."""
