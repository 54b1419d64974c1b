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
from bus.session import at_once, connect
from bus.topics import Topics
from config import Clock
from config.settings import AsciiProtocol
from nemesis.checker import Violation, check
from nemesis.citizens import CLOSING
from nemesis.evidence import bylaws_of, read_evidence
from nemesis.hall import KEYPAD_ADDRESS, PORT, WIRE_PORT, Program, Site
from nemesis.history import Phase, Recorder, read_history
from nemesis.lan import ROOT, SERVER, SWITCH, Lan
from nemesis.schedule import BOXES, EVERYTHING, Choice, Do, Step, schedule
from nemesis.wire import Wire
from nemesis.with_clock import set_offset
from nemesis.witness import Liar, Probe, Witness, wait_until
from provisioning.authority import server_name
from simulators.keypad import SimulatedLine
from wait_log.dialects import store_url

SPEED = 1.0
"""A faster clock would leave calls less time to be announced than they are promised."""
OPENS = datetime(2026, 11, 23, 1, 24, tzinfo=UTC)
_START_WITHIN_S = 120.0
_RESTART_S = 0.5
_KEYS = ("next", "next", "start", "recall", "park")


@dataclass(frozen=True, slots=True)
class Plan:
    """How a hall is attacked."""

    seconds: float
    only: tuple[Choice, ...] = ()
    """What is done; everything that can be when nothing is named."""
    small: bool = False
    heals_within_s: float = 45.0
    """Tells a hang from a slow machine; what it took is in the outcome."""


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

    def __init__(self, site: Site, say: Callable[[str], None], plan: Plan) -> None:
        self._site = site
        self._say = say
        self._plan = plan
        self._lan = Lan(list(BOXES))
        site.prepare()
        self._topics = Topics(site.centre().identity.site)
        self._recorder = Recorder(site.history, "runner")
        self._wire = Wire(
            (SWITCH, WIRE_PORT),
            (SERVER, PORT),
            site.seed,
            key=site.server_key,
            authority=site.authority,
            server_name=server_name(self._topics.site),
        )
        self._witness = Witness(
            self._account("observer"), self._topics, self._recorder, site.devices
        )
        self._asking = connect(
            self._account("counter-8"),
            self._topics.site,
            "counter",
            now=site.clock.now,
            monotonic=site.clock.monotonic,
            deliver=at_once,
        )
        self._probe = Probe(self._asking)
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

    def run(self) -> Outcome:
        """Attack as planned, then let everything come to rest, and judge it."""
        began = time.monotonic()
        try:
            self._open()
            self._play()
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
        self._asking.start()
        for name, program in programs.items():
            if name != "broker":
                program.start()
        if not self._works(_START_WITHIN_S):
            raise AssertionError(
                f"the hall does not open: {self._witness.missing()}\n{self.logs()}"
            )
        self._liar.start()
        self._say("the hall is open")

    def _play(self) -> None:
        deadline = time.monotonic() + self._plan.seconds
        presses = threading.Thread(target=self._press, args=(deadline,), daemon=True)
        presses.start()
        for planned in schedule(self._site.seed, 10_000, self._plan.only):
            if time.monotonic() > deadline:
                break
            steps = tuple(step for step in planned if self._is_here(step))
            told = " and ".join(str(step) for step in steps) or "nothing"
            self.outcome.steps.append(told)
            self._say(told)
            self._do(steps)
            if not self._heal(told):
                break
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
        if not wait_until(lambda: not self._owed(), self._plan.heals_within_s, self._tend):
            self._broken("I2", f"kiosks still owe {self._owed()}")
        if not self._works(self._plan.heals_within_s):
            self._broken("I8", f"the hall is not well at the end: {self._witness.missing()}")
        self._asking.stop()
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
        for place, step in enumerate(steps):
            if place:  # in the middle of what goes on already
                wait_until(lambda: False, steps[place - 1].lasts_s / 2, self._tend)
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

    def _is_here(self, step: Step) -> bool:
        """Return whether this hall has what a step is done to: a small one has less."""
        no_program = (*BOXES, EVERYTHING, "wire")
        return step.target in self._site.programs or step.target in no_program

    def _hit(self, step: Step) -> list[Program]:
        programs = self._site.programs
        if step.do is Do.KILL:
            return [programs[step.target]]
        if step.do is not Do.POWER:
            return []
        return [p for p in programs.values() if step.target in (p.box, EVERYTHING)]

    def _heal(self, after: str) -> bool:
        """Wait until the hall is well again, and write down how long it took, if it ever is."""
        heal = f"heal-{len(self.outcome.steps)}"
        self._recorder.write(
            Phase.INVOKE, "heal", heal, after=after, within_s=self._plan.heals_within_s
        )
        began = time.monotonic()
        works = self._works(self._plan.heals_within_s)
        if not works:
            shown = self._witness.statuses.get("board-1")
            self._say(f"  never well: {self._witness.missing()} {self._probe.rev} {shown}")
        else:
            self._recorder.write(Phase.OK, "heal", heal)
            took_s = time.monotonic() - began
            self.outcome.healed_s.append((after, took_s))
            self._say(f"  well after {took_s:.1f} s")
        self._full.clear()
        return works

    def _works(self, within_s: float) -> bool:
        """Return whether the whole hall works in time: a step is taken and seen on the board."""
        deadline = time.monotonic() + within_s
        self._probe.ask()
        shown = wait_until(self._is_shown, within_s, self._tend)
        left_s = deadline - time.monotonic()
        return shown and wait_until(self._witness.is_there, left_s, self._tend)

    def _is_shown(self) -> bool:
        return self._probe.rev is not None and self._witness.shows(self._probe.rev)

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
        site = self._site
        return Account(
            SERVER,
            PORT,
            "nemesis",
            device,
            site.passwords[device],
            str(site.authority),
            server_name(self._topics.site),
        )

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
    plan: Plan,
    say: Callable[[str], None],
    keep: Path | None = None,
) -> Outcome:
    """Attack a new hall; with violations its files go to `keep`. Only in namespaces of its own."""
    site = Site(ROOT, tree, seed, Clock.starting(OPENS, SPEED), plan.small)
    outcome = Attack(site, say, plan).run()
    if outcome.violations and keep is not None:
        shutil.copytree(ROOT, keep, dirs_exist_ok=True, ignore=_no_sockets)
    return outcome


def _no_sockets(folder: str, names: list[str]) -> list[str]:
    paths = (Path(folder) / name for name in names)
    return [path.name for path in paths if not (path.is_file() or path.is_dir())]


def _nothing(_target: str) -> None:
    """Leave it alone: the processes of a step are seen to apart."""
