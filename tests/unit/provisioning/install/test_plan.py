"""Tests of what is planned for each role, and of carrying it out on a machine of a test."""

import os
import re
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Protocol

import msgspec
import pytest

from config.load import load_centre, load_device
from config.settings import (
    BoardBox,
    Device,
    FilePrinter,
    KeypadBox,
    MqttButtons,
    PanelBox,
    Sign,
    SignBox,
    SimulatedPrinter,
)
from hall.words import Words
from provisioning.errors import ProvisioningError
from provisioning.install.actions import (
    Action,
    Machine,
    PlaceFile,
    PlaceLink,
    Remove,
    RunProgram,
    carry_out,
)
from provisioning.install.device_file import device_text, first_device
from provisioning.install.facts import Facts, deploy_files, look
from provisioning.install.notes import notes, role_changes
from provisioning.install.plan import (
    EDITED,
    ELSEWHERE,
    EVERYWHERE,
    WITH_SCREENS,
    plan,
    removal,
    units_of,
)
from provisioning.layout import Layout
from provisioning.roles import Role


class Tree(Protocol):
    layout: Layout
    ran: list[tuple[str, ...]]

    @property
    def machine(self) -> Machine: ...
    def contents(self) -> dict[str, object]: ...


def install(tree: Tree, role: Role, facts: Facts, device: Device | None = None) -> int:
    seen = look(tree.layout)
    facts = replace(facts, device=seen.device, role=seen.role, enabled=seen.enabled)
    facts = replace(facts, device_text=seen.device_text)
    facts = replace(facts, units=seen.units, paired=facts.paired or seen.paired)
    has = device or facts.device or first_device(role, facts, "hoa-binh", 3)
    return carry_out(plan(role, has, facts, tree.layout), tree.machine, lambda *_: None)


def enabled(tree: Tree) -> set[str]:
    return {path.name for path in (tree.layout.units / "denluot.target.wants").iterdir()}


def test_a_server_keeps_the_queue_and_a_kiosk_does_not() -> None:
    assert units_of(Role.SERVER, Device(boards=(), panels=())) == (
        "denluot-broker.service",
        "denluot-service.service",
        "denluot-web.service",
        "denluot-backup.timer",
        "denluot-first.service",
    )
    assert set(units_of(Role.KIOSK, Device(boards=(), panels=()))) == {
        "denluot-kiosk.service",
        "denluot-display.service",
        "denluot-restart.path",
        "denluot-clock.path",
        "denluot-clock.service",
    }


def test_one_screen_is_cage_and_several_are_x11() -> None:
    one, two = (tuple(BoardBox(device=f"board-{n}") for n in range(1, k + 1)) for k in (1, 2))
    assert "denluot-display.service" in units_of(Role.BOARD, Device(boards=one))
    several = units_of(Role.BOARD, Device(boards=two))
    assert "denluot-desktop.service" in several
    assert "denluot-display.service" not in several
    assert "denluot-desktop.service" in units_of(Role.ALL, Device(boards=one))


def test_the_first_start_is_where_a_person_looks_and_on_no_other_machine() -> None:
    def first(role: Role) -> list[str]:
        return [unit for unit in units_of(role, Device()) if "denluot-first" in unit]

    assert first(Role.SERVER) == ["denluot-first.service"]
    assert first(Role.ALL) == ["denluot-first-code.socket", "denluot-first-window.service"]
    assert first(Role.KIOSK) == first(Role.BOARD) == first(Role.COUNTER) == []


def test_lines_run_where_they_are_plugged_in() -> None:
    line = MqttButtons(units={"zigbee2mqtt:quay-3": 3})
    device = Device(keypads=(KeypadBox(call_devices=(line,)), KeypadBox(device="keypad-2")))
    assert "denluot-keypad@keypad-1.service" in units_of(Role.SERVER, device)
    assert "denluot-keypad@keypad-2.service" not in units_of(Role.SERVER, device)


@pytest.mark.parametrize("role", Role)
def test_an_installed_machine_has_what_it_needs_and_a_second_time_changes_nothing(
    role: Role, tree: Tree, facts: Facts
) -> None:
    assert install(tree, role, facts) > 10
    layout = tree.layout
    assert layout.role_file.read_text() == f"{role}\n"
    assert layout.screen_data.stat().st_mode & 0o777 == 0o700
    assert layout.data.exists() == (role in (Role.SERVER, Role.ALL))
    for link in (layout.units / "denluot.target.wants").iterdir():
        assert link.exists(), f"{link.name} starts nothing"
    assert (layout.units / "multi-user.target.wants/denluot.target").exists()
    before = tree.contents()
    tree.ran.clear()
    assert install(tree, role, facts) == 0
    assert tree.contents() == before
    assert tree.ran == []


@pytest.mark.parametrize("role", Role)
def test_what_the_machine_begins_with_is_read_again(
    role: Role, facts: Facts, tmp_path: Path
) -> None:
    found = replace(facts, screens=3, printers=("/dev/usb/lp0",))
    device = first_device(role, found, "hoa-binh", 7)
    file = tmp_path / "device.toml"
    file.write_text(device_text(device))
    assert load_device(file) == device
    assert device.site == "hoa-binh"
    assert "password =" not in device_text(device)
    assert "/var/lib/denluot-screen/broker-password" in device_text(device)


def test_a_server_begins_with_a_centre_of_its_own_site(tree: Tree, facts: Facts) -> None:
    install(tree, Role.SERVER, facts)
    centre = load_centre(tree.layout.centre_file)
    assert centre.identity.site == "hoa-binh" == load_device(tree.layout.device_file).site
    assert centre.services == load_centre().services
    tree.layout.centre_file.write_text("# ours\n")
    install(tree, Role.SERVER, facts)
    assert tree.layout.centre_file.read_text() == "# ours\n"


def test_a_board_box_has_a_board_for_each_screen(facts: Facts) -> None:
    def boards(role: Role, screens: int) -> list[object]:
        device = first_device(role, replace(facts, screens=screens), "x", 1)
        return [board.screen.screen for board in device.boards]

    assert boards(Role.BOARD, 0) == [0]
    assert boards(Role.BOARD, 2) == [0, 1]
    assert boards(Role.ALL, 2) == [1]
    assert boards(Role.ALL, 3) == [1, 2]
    assert boards(Role.KIOSK, 2) == []


def test_a_kiosk_prints_where_the_kernel_found_a_printer(facts: Facts) -> None:
    found = replace(facts, printers=("/dev/usb/lp0",))
    assert first_device(Role.KIOSK, found, "x", 1).kiosk.printers == (
        FilePrinter(name="lp1", path="/dev/usb/lp0"),
    )
    without = first_device(Role.KIOSK, facts, "x", 1)
    assert without.kiosk.printers == (SimulatedPrinter(),)
    said = list(notes(Role.KIOSK, without, facts, Layout(), Words()))
    assert any("máy in" in line for line in said)


def test_what_people_wrote_stays(tree: Tree, facts: Facts) -> None:
    install(tree, Role.KIOSK, facts)
    rules = tree.layout.system_settings / "udev/rules.d/60-denluot-printers.rules"
    rules.write_text("# ours\n")
    tree.layout.device_file.write_text('site = "hoa-binh"\nboards = []\npanels = []\n')
    install(tree, Role.KIOSK, facts)
    assert rules.read_text() == "# ours\n"
    assert "kiosk" not in tree.layout.device_file.read_text()
    carry_out(removal(look(tree.layout), tree.layout, purge=False), tree.machine, lambda *_: None)
    assert rules.exists()


def test_what_people_change_is_taken_up_and_what_they_leave_disturbs_nobody(
    tree: Tree, facts: Facts
) -> None:
    install(tree, Role.KIOSK, facts)

    def ran_again() -> list[tuple[str, ...]]:
        seen = look(tree.layout)
        running = replace(seen, systemd=True, deploy=facts.deploy, packages=facts.packages)
        running = replace(running, paired=True)
        tree.ran.clear()
        assert running.device
        actions = plan(Role.KIOSK, running.device, running, tree.layout)
        carry_out(actions, tree.machine, lambda *_: None)
        return tree.ran

    assert ran_again() == [("systemctl", "start", "denluot.target")]
    with tree.layout.device_file.open("a") as file:
        file.write('[[kiosk.printers]]\ndriver = "file"\npath = "/dev/usb/lp0"\n')
    assert ("systemctl", "restart", "denluot.target") in ran_again()
    assert ran_again() == [("systemctl", "start", "denluot.target")]


def test_an_empty_device_file_is_written_again(tree: Tree, facts: Facts) -> None:
    """A writer without fsync leaves nothing after a power cut."""
    install(tree, Role.KIOSK, facts)
    tree.layout.device_file.write_bytes(b"")
    install(tree, Role.KIOSK, facts)
    assert "hoa-binh" in tree.layout.device_file.read_text()


def test_a_new_role_ends_what_the_old_one_ran(tree: Tree, facts: Facts) -> None:
    install(tree, Role.ALL, facts)
    assert "denluot-service.service" in enabled(tree)
    install(tree, Role.KIOSK, facts)
    assert enabled(tree) & {"denluot-service.service", "denluot-board@board-1.service"} == set()
    assert "denluot-kiosk.service" in enabled(tree)
    assert tree.layout.data.exists(), "data of the old role is kept"


def test_the_servers_own_screens_need_no_code(tree: Tree, facts: Facts) -> None:
    here = replace(facts, here=True, screens=2)
    install(tree, Role.ALL, here)
    layout = tree.layout
    asked = next(each for each in tree.ran if "--pair-own" in each)
    assert asked[-2:] == ("kiosk-1,board-1,announcer-1", "as 990:990")
    assert layout.broker_password.read_text().startswith("secret-")
    assert layout.broker_password.stat().st_mode & 0o777 == 0o600
    assert "CERTIFICATE" in layout.authority_certificate.read_text()
    password = layout.broker_password.read_text()
    assert install(tree, Role.ALL, here) == 0
    assert layout.broker_password.read_text() == password
    # A keypad that was written into device.toml belongs to it as well.
    with layout.device_file.open("a") as file:
        file.write('[[keypads]]\n[[keypads.call_devices]]\ndriver = "mqtt"\n')
        file.write('units = { "zigbee2mqtt:quay-3" = 3 }\n')
    install(tree, Role.ALL, here)
    assert layout.broker_password.read_text() != password
    # A machine that is a kiosk now is paired by code, and one that is a server again anew.
    install(tree, Role.KIOSK, here)
    assert not layout.own_devices.exists()


def test_a_machine_in_the_hall_hears_its_own_keypads_alone(tree: Tree, facts: Facts) -> None:
    install(tree, Role.KIOSK, facts)
    rules = tree.layout.system_settings / "udev/rules.d/72-denluot-inputs.rules"
    assert "inhibited" in rules.read_text()
    for unit in ("ctrl-alt-del.target", "getty@.service"):
        assert (tree.layout.units / unit).readlink() == Path("/dev/null")


def test_until_it_is_paired_a_box_runs_nothing_and_locks_nobody_out(
    tree: Tree, facts: Facts
) -> None:
    """Somebody has to type the code on it."""
    for role in (Role.KIOSK, Role.BOARD, Role.COUNTER):
        install(tree, role, replace(facts, paired=False))
        assert not (tree.layout.units / "denluot.target.wants").exists() or not enabled(tree)
        assert not (tree.layout.units / "getty@.service").is_symlink()
        rules = tree.layout.system_settings / "udev/rules.d/72-denluot-inputs.rules"
        assert not rules.exists()
        assert install(tree, role, replace(facts, paired=False)) == 0
        tree.layout.device_file.unlink()
    tree.layout.broker_password.write_text("secret\n")
    install(tree, Role.COUNTER, replace(facts, paired=False))
    assert "denluot-counter@3.service" in enabled(tree)


def test_on_the_first_day_a_keyboard_still_works(facts: Facts) -> None:
    device = first_device(Role.ALL, facts, "x", 1)
    for before, triggered in ((None, False), (Role.ALL, True)):
        running = replace(facts, systemd=True, role=before)
        actions = plan(Role.ALL, device, running, Layout())
        ran = [action.arguments for action in actions if isinstance(action, RunProgram)]
        assert (("udevadm", "trigger") in ran) == triggered


def test_an_officer_keeps_keyboard_and_mouse(tree: Tree, facts: Facts) -> None:
    install(tree, Role.COUNTER, facts)
    rules = tree.layout.system_settings / "udev/rules.d/72-denluot-inputs.rules"
    assert not rules.exists()
    assert (tree.layout.units / "getty@.service").readlink() == Path("/dev/null")
    # A call keypad there is ours all the same.
    with tree.layout.device_file.open("a") as file:
        file.write('[[keypads]]\n[[keypads.call_devices]]\ndriver = "usb"\ncounter = 3\n')
        file.write('path = "/dev/input/by-path/socket-2-event-kbd"\n')
    install(tree, Role.COUNTER, facts)
    assert "socket-2" in rules.read_text()
    assert "ID_INPUT_KEYBOARD}==" not in rules.read_text()


def test_a_server_keeps_its_console(tree: Tree, facts: Facts) -> None:
    install(tree, Role.SERVER, facts)
    assert not (tree.layout.units / "getty@.service").is_symlink()
    assert not (tree.layout.system_settings / "systemd/logind.conf.d/denluot.conf").exists()


def test_a_console_returns_with_another_role(tree: Tree, facts: Facts) -> None:
    install(tree, Role.KIOSK, facts)
    install(tree, Role.SERVER, facts)
    assert not (tree.layout.units / "getty@.service").is_symlink()
    assert not (tree.layout.system_settings / "udev/rules.d/72-denluot-inputs.rules").exists()
    assert not (tree.layout.system_settings / "sysctl.d/60-denluot.conf").exists()


def test_a_new_role_is_said(facts: Facts) -> None:
    said = list(role_changes(Role.KIOSK, replace(facts, role=Role.SERVER), Words("en")))
    assert "kiosk" in said[0]
    assert "server" in said[1]
    assert len(list(role_changes(Role.KIOSK, replace(facts, role=Role.KIOSK), Words()))) == 1


def test_a_running_machine_is_told_in_order(tree: Tree, facts: Facts) -> None:
    running = replace(facts, systemd=True, enabled=("denluot-web.service",))
    device = first_device(Role.KIOSK, running, "x", 1)
    actions = plan(Role.KIOSK, device, running, tree.layout)
    ran = [action.arguments for action in actions if isinstance(action, RunProgram)]
    assert ran[0] == ("systemctl", "stop", "denluot-web.service")
    assert ran[-1] == ("systemctl", "start", "denluot.target")
    assert ("systemctl", "daemon-reload") in ran
    restart = ("systemctl", "restart", "denluot.target")
    for asked in (False, True):
        again = plan(Role.KIOSK, device, running, tree.layout, restart=asked)
        assert RunProgram(restart, "khởi động lại", always=asked) in again
    first = next(i for i, each in enumerate(actions) if isinstance(each, PlaceLink))
    reload = actions.index(
        next(a for a in actions if isinstance(a, RunProgram) and "daemon-reload" in a.arguments)
    )
    assert first < reload, "units are read again when all of them lie there"


def test_screens_end_after_what_draws_on_them(tree: Tree, facts: Facts) -> None:
    before = ("denluot-desktop.service", "denluot-display.service", "denluot-kiosk.service")
    running = replace(facts, systemd=True, enabled=before)
    first = plan(Role.SERVER, Device(boards=(), panels=()), running, tree.layout)[0]
    assert isinstance(first, RunProgram)
    assert first.arguments[2] == "denluot-kiosk.service"


def test_a_step_that_fails_is_named_and_the_next_run_goes_on(
    tree: Tree, facts: Facts, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, left = PlaceFile.carry_out, [20]

    def until_full(self: PlaceFile, machine: Machine) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise OSError(28, "No space left on device", str(self.path))
        place(self, machine)

    monkeypatch.setattr(PlaceFile, "carry_out", until_full)
    with pytest.raises(ProvisioningError, match="No space left"):
        install(tree, Role.ALL, facts)
    monkeypatch.undo()
    assert install(tree, Role.ALL, facts) > 0
    assert "denluot-service.service" in enabled(tree)


@pytest.mark.parametrize("broken_at", range(0, 36, 5))
def test_a_power_cut_between_any_steps_is_made_good_by_the_next_run(
    broken_at: int, tree: Tree, facts: Facts
) -> None:
    device = first_device(Role.ALL, facts, "hoa-binh", 1)
    actions = plan(Role.ALL, device, facts, tree.layout)
    carry_out(actions[:broken_at], tree.machine, lambda *_: None)
    # What a cut leaves of the step that was going on: its draft.
    tree.layout.settings.mkdir(parents=True, exist_ok=True)
    (tree.layout.settings / ".device.toml.new").write_text("[[boar")
    install(tree, Role.ALL, facts)
    assert look(tree.layout).role is Role.ALL
    assert load_device(tree.layout.device_file) == device
    assert install(tree, Role.ALL, facts) == 0


def test_uninstalling_leaves_the_data_and_nothing_else(tree: Tree, facts: Facts) -> None:
    install(tree, Role.ALL, facts)
    layout = tree.layout
    (layout.data / "accounts.db").write_bytes(b"kept")
    carry_out(removal(look(layout), layout, purge=False), tree.machine, lambda *_: None)
    left = [path for path in layout.root.rglob("*") if path.is_file() or path.is_symlink()]
    settings = {layout.device_file, layout.centre_file}
    assert set(left) == {layout.users, layout.data / "accounts.db"} | settings
    assert look(layout).role is None


def test_purging_takes_the_data_but_no_backup(tree: Tree, facts: Facts) -> None:
    install(tree, Role.ALL, facts)
    layout = tree.layout
    (layout.data / "accounts.db").write_bytes(b"gone")
    (layout.backups / "2026-11-26.backup").write_bytes(b"kept")
    carry_out(removal(look(layout), layout, purge=True), tree.machine, lambda *_: None)
    assert not layout.data.exists()
    assert not layout.settings.exists()
    assert (layout.backups / "2026-11-26.backup").exists()


def test_units_that_a_release_has_no_more_are_removed(tree: Tree, facts: Facts) -> None:
    install(tree, Role.SERVER, facts)
    old = tree.layout.units / "denluot-fax.service"
    old.write_text("[Service]\n")
    install(tree, Role.SERVER, facts)
    assert not old.exists()


def test_every_folder_of_deploy_goes_somewhere(facts: Facts) -> None:
    known = EVERYWHERE.keys() | WITH_SCREENS.keys() | EDITED.keys() | ELSEWHERE
    assert {file.partition("/")[0] for file in facts.deploy if "/" in file} <= known


def test_every_unit_that_starts_with_a_machine_belongs_to_a_role(facts: Facts) -> None:
    line = MqttButtons(units={"zigbee2mqtt:quay-3": 3})
    signs = SignBox(signs=(Sign(counter=1, address=1),))
    device = Device(keypads=(KeypadBox(call_devices=(line,)),), signs=(signs,))
    alone = Device(boards=(), panels=())
    started = {unit for role in Role for has in (device, alone) for unit in units_of(role, has)}
    named = {re.sub(r"@.*\.", "@.", unit) for unit in started} | {"denluot.target"}
    files = {file for file in facts.deploy if file.startswith("units/denluot")}
    wanted = {file for file in files if b"[Install]" in facts.deploy[file]}
    assert {file.removeprefix("units/") for file in wanted} <= named


def test_a_release_brings_its_own_files(tree: Tree) -> None:
    (tree.layout.share / "units").mkdir(parents=True)
    with pytest.raises(ProvisioningError, match="not there"):
        deploy_files(tree.layout)
    (tree.layout.share / "units/denluot.target").write_text("[Unit]\n")
    assert deploy_files(tree.layout) == {"units/denluot.target": b"[Unit]\n"}


def test_the_machine_is_looked_at(tree: Tree) -> None:
    layout = tree.layout
    for name, status in {"card0-HDMI-A-1": "connected", "card0-DP-1": "disconnected"}.items():
        (layout.video_outputs / name).mkdir(parents=True)
        (layout.video_outputs / name / "status").write_text(f"{status}\n")
    (layout.video_outputs / "card0-broken").mkdir()
    layout.usb_printers.mkdir(parents=True)
    (layout.usb_printers / "lp0").touch()
    layout.systemd.mkdir(parents=True)
    found = look(layout)
    assert (found.screens, found.printers) == (1, (str(layout.usb_printers / "lp0"),))
    assert not found.systemd, "a tree that is being made is not run by the systemd around it"
    assert found.packages == frozenset()


def test_a_wrong_device_file_stops_before_anything_is_changed(tree: Tree) -> None:
    tree.layout.settings.mkdir(parents=True)
    tree.layout.device_file.write_text("[[boar")
    with pytest.raises(ProvisioningError, match=r"device\.toml"):
        look(tree.layout)


def test_missing_packages_are_named(facts: Facts) -> None:
    bare = replace(facts, packages=frozenset())
    device = Device(panels=(PanelBox(device="counter-1", counter=1),))
    for role, package in ((Role.SERVER, "mosquitto"), (Role.KIOSK, "cage"), (Role.ALL, "openbox")):
        said = "\n".join(notes(role, device, bare, Layout(), Words()))
        assert package in said
    bare_plan = plan(Role.KIOSK, device, bare, Layout(Path("/x")))
    assert not any(
        "chrony" in action.line(Words()) for action in bare_plan if isinstance(action, PlaceFile)
    )


def test_a_desktops_login_that_would_hide_the_kiosk_is_named(tree: Tree) -> None:
    login = tree.layout.units / "display-manager.service"
    login.parent.mkdir(parents=True)
    for target, named in (("/lib/systemd/system/gdm.service", True), ("/dev/null", False)):
        login.unlink(missing_ok=True)
        login.symlink_to(target)
        found = look(tree.layout)
        device = first_device(Role.KIOSK, found, "x", 1)
        said = " ".join(notes(Role.KIOSK, device, found, tree.layout, Words()))
        assert ("display-manager" in said) == named


def test_every_step_says_itself_in_both_languages(facts: Facts) -> None:
    actions: list[Action] = []
    for role in Role:
        has = first_device(role, facts, "x", 1)
        actions += plan(role, has, replace(facts, systemd=True, here=True), Layout())
    actions.append(Remove(Path("/x")))
    kinds = {type(action) for action in actions}
    assert len(kinds) == 7
    for action in actions:
        vietnamese, english = action.line(Words()), action.line(Words("en"))
        assert "\n" not in vietnamese
        assert vietnamese != english or "tệp" not in vietnamese


def test_users_are_made_by_systemd_itself(
    tmp_path: Path, facts: Facts, systemd_sysusers: str
) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root may write a tree's users")
    (tmp_path / "etc/sysusers.d").mkdir(parents=True)
    file = tmp_path / "etc/sysusers.d/denluot.conf"
    file.write_bytes(facts.deploy["sysusers.d/denluot.conf"])
    subprocess.run([systemd_sysusers, f"--root={tmp_path}", str(file)], check=True, timeout=30)
    machine = Machine(Layout(tmp_path), lambda _: None, lambda *_: None, lambda *_: "")
    assert machine.ids("denluot") != machine.ids("denluot-screen")


def test_a_plan_is_a_value(facts: Facts) -> None:
    device = first_device(Role.ALL, facts, "x", 1)
    assert plan(Role.ALL, device, facts, Layout()) == plan(Role.ALL, device, facts, Layout())
    assert msgspec.structs.asdict(device)["site"] == "x"
