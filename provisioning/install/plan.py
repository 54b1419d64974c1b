"""What must be done so that a machine has its role: a value, made from facts alone."""

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path, PurePosixPath

from config.settings import Device
from hall.words import N_
from provisioning.install.actions import (
    KEEPS_OFF,
    MAKES_START,
    ROOT_USER,
    Action,
    AddUsers,
    MakeDirectory,
    PairOwnDevices,
    PlaceFile,
    PlaceLink,
    Remove,
    RunProgram,
)
from provisioning.install.button_secrets import moved_passwords
from provisioning.install.clock import sources
from provisioning.install.device_file import device_text, first_centre_text
from provisioning.install.facts import TARGET, Facts
from provisioning.layout import Layout
from provisioning.lockdown import INPUT_RULES, input_rules, usb_keypads
from provisioning.roles import PARTS, SERVER_PARTS, Part, Role

SERVER_USER, SCREEN_USER = "denluot", "denluot-screen"
DISPLAY, DESKTOP = "denluot-display.service", "denluot-desktop.service"
RESTART = "denluot-restart.path"
"""How the kiosk's maintenance menu has the machine started again."""
CLOCK, CLOCK_USER = "denluot-clock.path", "_chrony"
FIRST = "denluot-first.service"
"""The first start, on the console of a server without screens."""
FIRST_WINDOW = ("denluot-first-code.socket", "denluot-first-window.service")
"""The same in front of the kiosk, and where it gets the code from."""
_SCREENS = frozenset({DISPLAY, DESKTOP})
_FOREIGN = ("mosquitto.service",)
"""Units of Debian's packages in whose place ours run."""

EVERYWHERE = {
    "journald.conf.d": "systemd/journald.conf.d",
    "modules-load.d": "modules-load.d",
    "sysusers.d": "sysusers.d",
    "system.conf.d": "systemd/system.conf.d",
    "tmpfiles.d": "tmpfiles.d",
}
"""Folders of `deploy/` to those of the machine's settings, whatever its role."""
WITH_SCREENS = {
    "hwdb.d": "udev/hwdb.d",
    "logind.conf.d": "systemd/logind.conf.d",
    "modprobe.d": "modprobe.d",
    "pam.d": "pam.d",
    "polkit": "polkit-1/rules.d",
    "sysctl.d": "sysctl.d",
    "xorg.conf.d": "X11/xorg.conf.d",
}
"""The same, of machines that people stand in front of."""
EDITED = {"udev": "udev/rules.d"}
"""The same; people write the names of their devices into them, and what they wrote stays."""
ELSEWHERE = frozenset({"chrony", "openbox", "packages", "units"})
"""Folders that others take care of, or that are read where they lie."""


def windows(role: Role, device: Device) -> int:
    """Return how many windows the programs of this machine show."""
    parts = PARTS[role]
    boards = len(device.boards) if Part.BOARD in parts else 0
    panels = len(device.panels) if Part.COUNTER in parts else 0
    return int(Part.KIOSK in parts) + boards + panels


def devices_of(role: Role, device: Device) -> tuple[str, ...]:
    """Return the devices of the centre that a machine of this role is."""
    parts = PARTS[role]
    found = [device.kiosk.device] if Part.KIOSK in parts else []
    if Part.BOARD in parts:
        found += [board.device for board in device.boards]
    if Part.ANNOUNCER in parts:
        found.append(device.announcer.device)
    if Part.COUNTER in parts:
        found += [panel.device for panel in device.panels]
    found += [box.device for box in device.keypads if box.call_devices]
    return (*found, *(box.device for box in device.signs))


def units_of(role: Role, device: Device) -> tuple[str, ...]:
    """Return the units that start with a machine of this role, which has `device`."""
    parts = PARTS[role]
    found = [f"denluot-{part}.service" for part in Part if part in parts & _ALONE]
    if Part.BACKUP in parts:
        found.append("denluot-backup.timer")
    shown = windows(role, device)
    if parts & SERVER_PARTS:
        found += FIRST_WINDOW if shown else (FIRST,)
    if shown:
        found.append(DISPLAY if shown == 1 else DESKTOP)
    if Part.KIOSK in parts:
        found.append(RESTART)
    if Part.BOARD in parts:
        found += [f"denluot-board@{board.device}.service" for board in device.boards]
    if Part.COUNTER in parts:
        found += [f"denluot-counter@{panel.counter}.service" for panel in device.panels]
    found += [f"denluot-keypad@{box.device}.service" for box in device.keypads if box.call_devices]
    found += [f"denluot-sign@{box.device}.service" for box in device.signs]
    if not parts & SERVER_PARTS:
        found += [CLOCK, CLOCK.replace(".path", ".service")]
    return tuple(found)


def plan(
    role: Role, device: Device, facts: Facts, layout: Layout, *, restart: bool = False
) -> tuple[Action, ...]:
    """Return the steps by which a machine gets `role`; `device` is what it has.

    With `restart` what runs begins anew, as after a pairing or with another release.
    """
    text = facts.device_text or device_text(device).encode()
    safe, passwords = moved_passwords(text.decode(), device, Layout().screen_data)
    units = units_of(role, device) if _can_run(role, facts) else ()
    wanted = tuple(unit for unit in units if _is_shipped(unit, facts))
    return tuple(
        dict.fromkeys(
            (
                *_leave(role, wanted, facts, layout),
                *_accounts_and_directories(role, facts, layout),
                *(
                    PlaceFile(layout.screen_data / name, said.encode(), SCREEN_USER, mode=0o600)
                    for name, said in passwords.items()
                ),
                PlaceFile(layout.device_file, safe.encode(), keep=not passwords),
                PlaceFile(layout.applied_device_file, safe.encode()),
                *_centre_file(role, device, layout),
                *_system_files(role, facts, layout),
                *_inputs(role, device, facts, layout),
                *_clock(role, device, facts, layout),
                *_forget_own_devices(role, layout),
                *_own_devices(role, device, facts, layout),
                *_enabled(wanted, role, facts, layout),
                # Behind what the role before had: until that is gone, the machine still has it.
                PlaceFile(layout.role_file, f"{role}\n".encode()),
                *_take_note(facts),
                *_start(facts, restart=restart),
            )
        )
    )


def removal(facts: Facts, layout: Layout, *, purge: bool) -> tuple[Action, ...]:
    """Return the steps by which a machine loses its role; `purge` takes what it has kept as well.

    Backups stay in any case.
    """
    stop: list[Action] = []
    if facts.systemd:
        stop.append(RunProgram(("systemctl", "stop", TARGET, "denluot-*"), _STOPS, always=True))
    placed = [each for role in Role for each in _placed(role, facts, layout)]
    links = [layout.units / "multi-user.target.wants" / TARGET]
    own = (layout.role_file, layout.applied_device_file)
    kept = (layout.data, layout.screen_data, layout.settings) if purge else own
    units = [layout.units / unit for unit in facts.units]
    removed = [Remove(path) for path in (layout.units / f"{TARGET}.wants", *links, *units, *kept)]
    forget = ("systemctl", "reset-failed", "denluot*")
    says = N_("systemd quên các đơn vị")
    last = (RunProgram(forget, says, may_fail=True),) if facts.systemd else ()
    return (*stop, *dict.fromkeys((*removed, *placed)), *_take_note(facts), *last)


_STOPS = N_("dừng các chương trình")
_ALONE = frozenset(
    {Part.BROKER, Part.SERVICE, Part.WEB, Part.KIOSK, Part.ANNOUNCER}
)  # one of each on a machine


def _is_shipped(unit: str, facts: Facts) -> bool:
    """Return whether this release has the unit at all."""
    name, at, rest = unit.partition("@")
    file = f"{name}@.{rest.rpartition('.')[2]}" if at else unit
    return f"units/{file}" in facts.deploy


def _leave(role: Role, wanted: tuple[str, ...], facts: Facts, layout: Layout) -> Iterator[Action]:
    """Yield how what an earlier role or release ran ends."""
    # Screens end after what draws on them: each name of the list is stopped as its turn comes.
    gone = sorted(set(facts.enabled) - set(wanted), key=lambda unit: (unit in _SCREENS, unit))
    if gone and facts.systemd:
        yield RunProgram(("systemctl", "stop", *gone), _STOPS, always=True)
    for unit in gone:
        yield Remove(layout.units / f"{TARGET}.wants" / unit)
    for file in facts.units:
        if f"units/{file}" not in facts.deploy and not file.endswith((".wants", ".d")):
            yield Remove(layout.units / file)
    if facts.role not in (None, role) and facts.role:
        stays = {removed.path for removed in _placed(role, facts, layout)}
        yield from (each for each in _placed(facts.role, facts, layout) if each.path not in stays)


def _placed(role: Role, facts: Facts, layout: Layout) -> Iterator[Remove]:
    """Yield how everything that a role puts among the machine's settings is taken away."""
    facts = replace(facts, paired=True)
    for file in (*_system_files(role, facts, layout), *_clock(role, Device(), facts, layout)):
        edited = file.keep and file.user == ROOT_USER
        yield Remove(file.path, file.content if edited else None)
    for inputs in _inputs(role, Device(), facts, layout):
        yield Remove(inputs.path)
    for unit in _masked(role, facts):
        yield Remove(layout.units / unit)


def _accounts_and_directories(role: Role, facts: Facts, layout: Layout) -> Iterator[Action]:
    name = "sysusers.d/denluot.conf"
    users = layout.system_settings / name
    yield PlaceFile(users, facts.deploy[name])
    yield AddUsers(users, (SERVER_USER, SCREEN_USER))
    # Pairing is done by whoever stands in front of the machine, the first start by the web pages.
    owner = SERVER_USER if PARTS[role] & SERVER_PARTS else SCREEN_USER
    yield MakeDirectory(layout.settings, 0o775, ROOT_USER, owner)
    yield MakeDirectory(layout.screen_data, 0o700, SCREEN_USER, SCREEN_USER)
    if owner == SERVER_USER:
        yield MakeDirectory(layout.data, 0o700, SERVER_USER, SERVER_USER)
        yield MakeDirectory(layout.backups, 0o700, SERVER_USER, SERVER_USER)


def _system_files(role: Role, facts: Facts, layout: Layout) -> Iterator[PlaceFile]:
    """Yield the files that the release brings for machines of this role."""
    places = EVERYWHERE | (WITH_SCREENS if _is_locked(role, facts) else {})
    for file, content in facts.deploy.items():
        folder, _, name = file.partition("/")
        if folder == "units" and name:
            yield PlaceFile(layout.units / name, content)
        elif folder in places:
            yield PlaceFile(layout.system_settings / places[folder] / name, content)
        elif folder in EDITED:
            yield PlaceFile(layout.system_settings / EDITED[folder] / name, content, keep=True)


def _can_run(role: Role, facts: Facts) -> bool:
    """Return whether the machine has what its programs need: a server, or a pairing with one."""
    return facts.paired or bool(PARTS[role] & SERVER_PARTS)


def _is_locked(role: Role, facts: Facts) -> bool:
    """Return whether people stand in front of it, who must not get out of what it shows.

    Until a box is paired, somebody has to type the code on it.
    """
    return _can_run(role, facts) and bool(PARTS[role] & {Part.KIOSK, Part.BOARD, Part.COUNTER})


def _inputs(role: Role, device: Device, facts: Facts, layout: Layout) -> Iterator[PlaceFile]:
    """Yield which keyboards the machine listens to: in the hall none but the keypads of `device`.

    Officers and servers have keyboard and mouse of their own.
    """
    in_the_hall = _is_locked(role, facts) and bool(PARTS[role] & {Part.KIOSK, Part.BOARD})
    rules = layout.system_settings / EDITED["udev"] / INPUT_RULES
    if in_the_hall or usb_keypads(device):
        yield PlaceFile(rules, input_rules(device, others_deaf=in_the_hall).encode())


def _centre_file(role: Role, device: Device, layout: Layout) -> Iterator[PlaceFile]:
    if PARTS[role] & SERVER_PARTS:
        yield PlaceFile(layout.centre_file, first_centre_text(device.site).encode(), keep=True)


def _forget_own_devices(role: Role, layout: Layout) -> Iterator[Remove]:
    """Yield how a machine that is no server any more has to be paired like any other."""
    if not PARTS[role] & SERVER_PARTS:
        yield Remove(layout.own_devices)


def _own_devices(
    role: Role, device: Device, facts: Facts, layout: Layout
) -> Iterator[PairOwnDevices]:
    """Yield how a server's own screens and lines get their account; a tree's do when it starts."""
    devices = devices_of(role, device)
    if facts.here and devices and PARTS[role] & SERVER_PARTS:
        python = layout.current / "bin/python"
        own = python if python.exists() else Path(sys.executable)
        yield PairOwnDevices(devices, own, SERVER_USER, SCREEN_USER)


def _clock(role: Role, device: Device, facts: Facts, layout: Layout) -> Iterator[PlaceFile]:
    """Yield the file by which the server is the hall's clock; the others are told where it is."""
    if PARTS[role] & SERVER_PARTS:
        server = layout.system_settings / "chrony/conf.d/denluot.conf"
        yield PlaceFile(server, facts.deploy["chrony/denluot.conf"])
    elif "chrony" in facts.packages:
        yield PlaceFile(layout.clock_sources, sources(device).encode(), CLOCK_USER, keep=True)


def _enabled(wanted: tuple[str, ...], role: Role, facts: Facts, layout: Layout) -> Iterator[Action]:
    for unit in wanted:
        name, at, rest = unit.partition("@")
        file = f"{name}@.{rest.rpartition('.')[2]}" if at else unit
        yield PlaceLink(layout.units / f"{TARGET}.wants" / unit, f"../{file}", MAKES_START)
    yield PlaceLink(layout.units / "multi-user.target.wants" / TARGET, f"../{TARGET}", MAKES_START)
    for unit in _masked(role, facts):
        yield PlaceLink(layout.units / unit, "/dev/null", KEEPS_OFF)


def _masked(role: Role, facts: Facts) -> tuple[str, ...]:
    """Return the units that must not run on a machine of this role."""
    foreign = _FOREIGN if PARTS[role] & SERVER_PARTS else ()
    if not _is_locked(role, facts):
        return foreign
    text = facts.deploy.get("masked-with-screens", b"").decode()
    lines = (PurePosixPath(line.partition("#")[0].strip()).name for line in text.splitlines())
    return (*foreign, *(line for line in lines if line))


def _take_note(facts: Facts) -> Iterator[Action]:
    """Yield how the system hears of what has changed."""
    if not facts.systemd:
        return
    yield RunProgram(("systemctl", "daemon-reload"), N_("systemd đọc lại các đơn vị"))
    yield RunProgram(
        ("systemd-tmpfiles", "--create", "denluot.conf"), N_("tạo thư mục tạm"), may_fail=True
    )
    yield RunProgram(("udevadm", "control", "--reload"), N_("udev đọc lại luật"), may_fail=True)
    # On the first day somebody works at this machine: its keyboard goes deaf at the next start.
    if facts.role is not None:
        yield RunProgram(("udevadm", "trigger"), N_("udev nhận lại thiết bị"), may_fail=True)
    yield RunProgram(("sysctl", "--system", "--quiet"), N_("áp dụng sysctl"), may_fail=True)
    # logind holds the screens of a hall that runs: it follows at the next start of the machine.
    fresh = ("systemd-logind.service",) if facts.role is None else ()
    for unit in ("systemd-journald.service", "chrony.service", *fresh):
        says = N_("dịch vụ hệ thống đọc lại cấu hình")
        yield RunProgram(("systemctl", "try-restart", unit), says, may_fail=True)


def _start(facts: Facts, *, restart: bool) -> Iterator[Action]:
    """Yield how everything starts; what runs starts again when anything was changed."""
    if facts.systemd:
        yield RunProgram(("systemctl", "restart", TARGET), N_("khởi động lại"), always=restart)
        yield RunProgram(("systemctl", "start", TARGET), N_("khởi động"), always=True)
