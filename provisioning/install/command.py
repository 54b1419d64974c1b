"""`denluot install`."""

import argparse
import fcntl
import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from config.settings import Device
from hall.words import N_, Words
from hall.words.arguments import CommandParser, words_of
from provisioning.errors import ProvisioningError
from provisioning.install.actions import Action, Machine, ask_program, carry_out, run_program
from provisioning.install.device_file import first_device
from provisioning.install.facts import look
from provisioning.install.notes import notes, role_changes
from provisioning.install.plan import plan
from provisioning.layout import Layout
from provisioning.roles import Role

_SITE = r"[a-z0-9][a-z0-9-]{0,39}"
_MOST_COUNTERS = 99


def command(arguments: list[str]) -> int:
    """Give this machine its role; return 0, 1 when a step failed, 2 for wrong use."""
    t = words_of(os.environ)
    parser = CommandParser("denluot install", t("Biến máy này thành một phần của phòng."), t)
    roles = [role.value for role in Role]
    add = parser.add_argument
    add("--role", choices=roles, help=t("vai trò của máy; đã có thì giữ nguyên nếu không nêu"))
    add("--site", metavar="NAME", type=_site, help=t("tên ngắn của đơn vị, như nhi-chieu"))
    add("--counter", metavar="N", type=_counter, default=1, help=t("số quầy, cho vai trò counter"))
    add("--restart", action="store_true", help=t("khởi động lại cả những gì đang chạy"))
    add_common_arguments(parser)
    options = parser.parse_args(arguments)
    return guarded(options, t, lambda layout: _install(options, layout, t))


def machine_of(layout: Layout) -> Machine:
    """Return the machine below `layout.root` as a step changes it."""
    return Machine(layout, run_program, os.lchown, ask_program)


def add_common_arguments(parser: CommandParser) -> None:
    """Add what both commands take."""
    parser.add_argument("--dry-run", action="store_true", help=parser.t("chỉ in mọi việc sẽ làm"))
    parser.add_argument("--root", type=Path, default=Path("/"), help=argparse.SUPPRESS)


def guarded(options: argparse.Namespace, t: Words, run: Callable[[Layout], int]) -> int:
    """Run it on the machine that is meant; return 1 when a step failed, 2 without the right to."""
    if os.geteuid() != 0 and not options.dry_run:
        sys.stderr.write(t("Việc này cần quyền quản trị máy: mời chạy với sudo.") + "\n")
        return 2
    try:
        return run(Layout(options.root.resolve()))
    except ProvisioningError as error:
        sys.stderr.write(f"{error}\n")
        sys.stderr.write(t("Sửa xong, mời chạy lại lệnh này: việc đã làm không làm lại.") + "\n")
        return 1


def _install(options: argparse.Namespace, layout: Layout, t: Words) -> int:
    facts = look(layout)
    role = Role(options.role) if options.role else facts.role
    if role is None:
        sys.stderr.write(t("Mời chọn vai trò của máy: --role {roles}", roles="|".join(Role)) + "\n")
        return 2
    site = options.site or Device().site
    device = facts.device or first_device(role, facts, site, options.counter)
    for line in role_changes(role, facts, t):
        sys.stdout.write(f"{line}\n")
    actions = plan(role, device, facts, layout, restart=options.restart)
    carry_out_aloud(actions, layout, options, t)
    for line in notes(role, device, facts, layout, t):
        sys.stdout.write(f"* {line}\n")
    return 0


def carry_out_aloud(
    actions: tuple[Action, ...], layout: Layout, options: argparse.Namespace, t: Words
) -> None:
    """Carry out and print each step, or only print it."""

    def say(action: Action, done: bool) -> None:
        sys.stdout.write(f"  {'=' if done else '+'} {action.line(t)}\n")
        sys.stdout.flush()

    machine = machine_of(layout)
    if not options.dry_run:
        with _alone(layout, t):
            changed = carry_out(actions, machine, say)
        says = N_("Xong: {count} việc đã làm.") if changed else N_("Xong: không có gì phải đổi.")
        sys.stdout.write(t(says, count=changed) + "\n")
        return
    for action in actions:
        say(action, action.is_done(machine))
    sys.stdout.write(t("Chạy thử: chưa đổi gì. Dấu = là đã có sẵn.") + "\n")


@contextmanager
def _alone(layout: Layout, t: Words) -> Iterator[None]:
    """Hold the machine's settings against a second installation; raises ProvisioningError."""
    descriptor = os.open(layout.system_settings, os.O_RDONLY | os.O_DIRECTORY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ProvisioningError(t("Một lần cài đặt khác đang chạy trên máy này.")) from error
        yield
    finally:
        os.close(descriptor)


def _site(text: str) -> str:
    if not re.fullmatch(_SITE, text):
        raise argparse.ArgumentTypeError("a-z 0-9 -, 1–40")
    return text


def _counter(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text[:4]) <= _MOST_COUNTERS:
        raise argparse.ArgumentTypeError(f"1–{_MOST_COUNTERS}")
    return int(text)
