"""Which processes a centre on one machine consists of."""

from dataclasses import dataclass
from pathlib import Path

from appliance.layout import Desktop
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
        Program("kiosk", "kiosk", common, device.kiosk.device, screen=True),
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
