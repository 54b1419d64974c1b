"""Which processes a centre on one machine consists of."""

from dataclasses import dataclass
from pathlib import Path

from config.settings import (
    AnnouncerBox,
    BoardBox,
    Device,
    KioskBox,
    PanelBox,
    Screen,
    SimulatedPrinter,
    SimulatedSpeaker,
    SoundCard,
    WebBox,
)

DESIGN_WIDTH, DESIGN_HEIGHT = 1920, 1080
_KIOSK = (0, 0, 562, 1000)
_BOARD = (572, 0, 882, 496)
_PANELS = ((572, 534, 436, 500), (1018, 534, 436, 500))
_TRAY = (1464, 0, 446, 1000)


@dataclass(frozen=True, slots=True)
class Desktop:
    """The windows of the demonstration, scaled to a desktop of `width` × `height` pixels."""

    width: int = DESIGN_WIDTH
    height: int = DESIGN_HEIGHT

    def kiosk(self) -> Screen:
        """Return the kiosk's place: portrait, at the left."""
        return self._window(_KIOSK)

    def board(self) -> Screen:
        """Return the board's place: above the counters."""
        return self._window(_BOARD)

    def panel(self, index: int) -> Screen:
        """Return the place of the counter window `index`; more than two step downwards."""
        x, y, width, height = _PANELS[index % len(_PANELS)]
        step = 28 * (index // len(_PANELS))
        return self._window((x + step, y + step, width, height))

    def tray(self) -> Screen:
        """Return the place of the simulated printer's tray: at the right."""
        return self._window(_TRAY)

    def _window(self, place: tuple[int, int, int, int]) -> Screen:
        scale = min(self.width / DESIGN_WIDTH, self.height / DESIGN_HEIGHT)
        x, y, width, height = (round(measure * scale) for measure in place)
        return Screen(mode="window", geometry=(x, y, width, height))


@dataclass(frozen=True, slots=True)
class Options:
    """What `denluot run` was asked for."""

    config: Path | None
    data: Path
    headless: bool
    always_open: bool
    all_counters: bool
    silent: bool
    """No sound card can play: there is none, or the clock does not run at the wall's pace."""
    screens: int = 1
    store: str | None = None
    """The URL of the store, None for the one in `data`."""


@dataclass(frozen=True, slots=True)
class Program:
    """One process: how it is started and how one knows that it is ready."""

    name: str
    module: str
    arguments: tuple[str, ...] = ()
    device: str | None = None
    """The device whose account it uses and whose status tells that it is ready."""
    screen: bool = False
    """A person may close its window; then it is not started again."""


def demonstration_device(options: Options, counters: list[int], site: str, web: int) -> Device:
    """Return what the one machine of the demonstration has."""
    desktop = Desktop()
    two_boards = options.headless or options.screens > 1
    full = Screen(screen=1)
    tv = Screen(mode="window", geometry=(0, 0, 1920, 1080))
    boards = [BoardBox(device="board-1", screen=tv if options.headless else desktop.board())]
    if two_boards:
        boards.append(BoardBox(device="board-2", screen=tv if options.headless else full))
    upright = Screen(mode="window", geometry=(0, 0, 1080, 1920))
    shown = counters if options.all_counters else counters[:2]
    return Device(
        site=site,
        kiosk=KioskBox(screen=upright if options.headless else desktop.kiosk()),
        boards=tuple(boards),
        announcer=AnnouncerBox(speaker=SimulatedSpeaker() if options.silent else SoundCard()),
        panels=tuple(
            PanelBox(device=f"counter-{number}", counter=number, screen=desktop.panel(index))
            for index, number in enumerate(shown)
        ),
        web=WebBox(port=web),
    )


def programs(device: Device, options: Options, device_file: Path) -> list[Program]:
    """Return the processes after the broker, in the order in which they start."""
    common = ("--device", str(device_file), "--data", str(options.data))
    service = ["--data", str(options.data)]
    if options.config:
        service += ["--config", str(options.config)]
    if options.always_open:
        service.append("--always-open")
    plan = [
        Program("service", "queue_service", tuple(service), "service"),
        Program("kiosk", "kiosk", common, device.kiosk.device, screen=device.dispenser is None),
    ]
    plan += [
        Program(
            board.device, "display.board", (*common, "--board", board.device), board.device, True
        )
        for board in device.boards
    ]
    plan.append(Program("announcer", "display.announcer", common, device.announcer.device))
    plan += [
        Program(
            panel.device,
            "counter_caller.panel",
            (*common, "--counter", str(panel.counter)),
            panel.device,
            True,
        )
        for panel in device.panels
    ]
    plan += [
        Program(
            keypad.device,
            "counter_caller.keypad",
            (*common, "--keypad", keypad.device),
            keypad.device,
        )
        for keypad in device.keypads
        if keypad.call_devices
    ]
    plan += [
        Program(box.device, "display.sign", (*common, "--sign", box.device), box.device)
        for box in device.signs
    ]
    plan.append(Program("web", "web", common, "web"))
    simulated = any(isinstance(p, SimulatedPrinter) for p in device.kiosk.printers)
    if simulated and not options.headless:
        geometry = ",".join(str(n) for n in Desktop().tray().geometry or ())
        tray = (*common, "--geometry", geometry)
        plan.append(Program("paper tray", "kiosk.tray", tray, screen=True))
    return plan
