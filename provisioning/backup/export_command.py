"""`denluot export`: all data of a centre, for any other program, for ever."""

import os
import sys
from pathlib import Path

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn

from config import CLOCK_VARIABLE, Clock, ConfigError
from config.load import load_device
from config.process import STORE_VARIABLE
from hall.words import N_
from hall.words.arguments import CommandParser, words_of
from provisioning.backup.errors import BackupError
from provisioning.backup.open_export import export
from provisioning.layout import Layout
from wait_log.dialects import store_url
from wait_log.errors import StoreError


def command(arguments: list[str]) -> int:
    """Export; return 0, or 1 with a sentence that says why not."""
    t = words_of(os.environ)
    parser = CommandParser(
        "denluot export",
        t(
            "Xuất toàn bộ dữ liệu của trung tâm thành CSV và JSON, kèm trang giải thích từng cột; "
            "trung tâm vẫn chạy."
        ),
        t,
    )
    add = parser.add_argument
    add("target", type=Path, metavar="FOLDER", help=t("thư mục mới để ghi vào"))
    add("--device", type=Path, metavar="FILE", help=t("thiết bị của máy này (device.toml)"))
    add("--data", type=Path, metavar="DIR", help=t("thư mục dữ liệu (/var/lib/denluot)"))
    add("--store", metavar="URL", help=t("kho dữ liệu, nếu không nằm trong DIR"))
    options = parser.parse_args(arguments)
    layout = Layout()
    file = options.device or (layout.device_file if layout.device_file.is_file() else None)
    try:
        site = load_device(file).site
        named = options.store or os.environ.get(STORE_VARIABLE)
        now = Clock.parse(os.environ.get(CLOCK_VARIABLE)).now()
        console = Console(stderr=True)
        shown = SpinnerColumn(), TextColumn("{task.description} {task.completed}")
        with Progress(*shown, console=console, disable=not console.is_terminal) as bar:
            task = bar.add_task(t(N_("Xuất dữ liệu")), total=None)
            counted = export(
                store_url(options.data or layout.data, named),
                site,
                options.target.absolute(),
                now,
                lambda rows: bar.advance(task, rows),
            )
    except (ConfigError, BackupError, StoreError) as error:
        said = error.said(t) if isinstance(error, BackupError) else str(error)
        sys.stderr.write(f"{said}\n")
        return 1
    rows = sum(counted.values())
    done = t(N_("Đã xuất {rows} dòng vào {folder}"), rows=rows, folder=options.target)
    sys.stdout.write(f"{done}\n")
    return 0
