"""`denluot uninstall`."""

import argparse
import os
import sys

from config.settings import Device
from hall.words import Words
from hall.words.arguments import CommandParser, words_of
from provisioning.install.command import add_common_arguments, carry_out_aloud, guarded
from provisioning.install.facts import look
from provisioning.install.plan import removal
from provisioning.layout import Layout


def command(arguments: list[str]) -> int:
    """Take this machine's role away; return 0, 1 when a step failed, 2 for wrong use."""
    t = words_of(os.environ)
    parser = CommandParser("denluot uninstall", t("Gỡ vai trò của máy này; dữ liệu ở lại."), t)
    parser.add_argument(
        "--purge-data", action="store_true", help=t("xóa cả dữ liệu, sau khi gõ tên đơn vị")
    )
    add_common_arguments(parser)
    options = parser.parse_args(arguments)
    return guarded(options, t, lambda layout: _uninstall(options, layout, t))


def _uninstall(options: argparse.Namespace, layout: Layout, t: Words) -> int:
    facts = look(layout)
    site = (facts.device or Device()).site
    if options.purge_data and not options.dry_run and not _is_confirmed(site, t):
        sys.stderr.write(t("Tên không khớp: không xóa gì.") + "\n")
        return 1
    carry_out_aloud(removal(facts, layout, purge=options.purge_data), layout, options, t)
    kept = [layout.settings, layout.data, layout.screen_data, layout.backups]
    if there := [str(path) for path in kept if path.exists()]:
        sys.stdout.write(t("Dữ liệu vẫn ở: {paths}", paths=", ".join(there)) + "\n")
    return 0


def _is_confirmed(site: str, t: Words) -> bool:
    question = t("Mọi dữ liệu của đơn vị sẽ mất. Gõ tên đơn vị ({site}) để xóa: ", site=site)
    sys.stdout.write(question)
    sys.stdout.flush()
    return sys.stdin.readline().strip() == site
