"""`denluot restore`: a fresh or broken server has its hall back in one command."""

import argparse
import getpass
import os
import subprocess
import sys
from functools import partial
from pathlib import Path

from bus.session import new_id
from config import CLOCK_VARIABLE, Clock, ConfigError
from config.durable import replace_privately
from config.failpoint import FAILPOINT_VARIABLE, failpoint_from
from config.process import STORE_VARIABLE
from hall.words import N_, Words
from hall.words.arguments import CommandParser, words_of
from provisioning.backup.command import progress_bar
from provisioning.backup.errors import BackupError
from provisioning.backup.hall_pause import paused_hall
from provisioning.backup.manifest import IDENTITY_FILE
from provisioning.backup.restore import Restored, Surroundings, Wanted, find_backup, restore
from provisioning.layout import Layout

NONE = "none"


def command(arguments: list[str]) -> int:
    """Restore; return 0, or 1 with a sentence that says why not and what to do."""
    t = words_of(os.environ)
    options = _parser(t).parse_args(arguments)
    layout = Layout(options.root)
    data = (options.data or layout.data).absolute()
    highest = tuple(text for text in options.highest if text.lower() != NONE)
    try:
        folder = find_backup(options.backup)
        wanted = Wanted(
            backup=folder,
            data=data,
            other_data=(layout.screen_data, *options.kiosk_data),
            store=options.store or os.environ.get(STORE_VARIABLE) or None,
            highest=highest,
            nobody_holds=len(highest) < len(options.highest) and not highest,
            phrase=_phrase(folder, options, t),
            replace_newer=options.replace_newer,
        )
        clock = Clock.parse(os.environ.get(CLOCK_VARIABLE))
        failpoint = failpoint_from(os.environ.get(FAILPOINT_VARIABLE))
        with progress_bar(t(N_("Phục hồi"))) as progress:
            pause = partial(paused_hall, layout, data, lambda text: _say(t(text)))
            world = Surroundings(clock.now, new_id, _verify, failpoint, progress, pause)
            restored = restore(wanted, world)
        _bring_centre(restored, layout, data)
    except (ConfigError, BackupError) as error:
        said = error.said(t) if isinstance(error, BackupError) else str(error)
        sys.stderr.write(f"{said}\n")
        return 1
    except OSError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(_told(restored, t))
    return 0


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")


def _told(restored: Restored, t: Words) -> str:
    day = restored.day.isoformat()
    known = restored.numbers.series.get(day, {})
    numbers = ", ".join(f"{code} {serial}" for code, serial in sorted(known.items()))
    lines = [
        t(
            N_("Đã phục hồi {site} từ bản sao lúc {at}: {events} sự kiện, {tickets} lượt."),
            site=restored.manifest.store.site,
            at=f"{restored.manifest.made_at:%Y-%m-%d %H:%M}Z",
            events=restored.manifest.store.rows.get("event", 0),
            tickets=restored.manifest.store.rows.get("ticket", 0),
        ),
        t(
            N_(
                "Hôm nay ({day}) số đi tiếp từ hàng trăm kế tiếp, trên số lớn nhất đã biết "
                "({numbers}). Người đang giữ số cũ: nhập số và giờ trên phiếu ở cửa sổ quầy, mục "
                "“Nhận lại số trên phiếu”."
            ),
            day=day,
            numbers=numbers or "–",
        ),
    ]
    if not restored.has_accounts:
        lines.append(
            t(
                N_(
                    "Tài khoản và thiết bị chưa được phục hồi: tạo tài khoản quản trị bằng "
                    "`denluot account add`, rồi ghép lại từng thiết bị ở trang Thiết bị."
                )
            )
        )
    if restored.voices:
        voices = ", ".join(restored.voices)
        lines.append(t(N_("Giọng đọc đã cài có lại từ bản sao: {voices}."), voices=voices))
    if restored.old is not None:
        lines.append(t(N_("Dữ liệu cũ còn nguyên ở {folder}."), folder=restored.old))
    return "\n".join(lines) + "\n"


def _parser(t: Words) -> CommandParser:
    parser = CommandParser(
        "denluot restore",
        t(
            "Phục hồi trung tâm từ bản sao lưu lên máy này. Đọc trước những gì còn lại (tệp của "
            "máy lấy số, sổ dự phòng, sổ ghi cũ) để không số nào bị cấp hai lần; dữ liệu cũ được "
            "để sang bên, không bị xóa."
        ),
        t,
    )
    add = parser.add_argument
    add("backup", type=Path, metavar="FOLDER", help=t("bản sao lưu, hoặc thư mục có nhiều bản"))
    add(
        "--highest",
        action="append",
        default=[],
        metavar="CIVIL=2043",
        help=t("số lớn nhất thấy trên phiếu hôm nay; ghi một lần cho mỗi lĩnh vực; none: chưa có"),
    )
    add(
        "--kiosk-data",
        action="append",
        default=[],
        type=Path,
        metavar="DIR",
        help=t("thư mục dữ liệu chép từ máy lấy số khác"),
    )
    add("--phrase-file", type=Path, metavar="FILE", help=t("tệp có cụm từ khôi phục"))
    add("--no-accounts", action="store_true", help=t("không hỏi cụm từ; ghép lại thiết bị sau"))
    add("--replace-newer", action="store_true", help=t("thay cả khi sổ trên máy này mới hơn"))
    add("--data", type=Path, metavar="DIR", help=t("thư mục dữ liệu (/var/lib/denluot)"))
    add("--store", metavar="URL", help=t("kho dữ liệu, nếu không nằm trong DIR"))
    add("--root", type=Path, default=Path("/"), help=argparse.SUPPRESS)
    return parser


def _phrase(folder: Path, options: argparse.Namespace, t: Words) -> str | None:
    """Return the recovery phrase, which stands in no argument; None to go without accounts."""
    if options.phrase_file is not None:
        try:
            return str(options.phrase_file.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            raise BackupError(
                N_("Không đọc được {file}: {why}"), file=options.phrase_file, why=error
            ) from error
    if options.no_accounts or not (folder / IDENTITY_FILE).is_file() or not sys.stdin.isatty():
        return None
    asked = t(N_("Cụm từ khôi phục (Enter nếu không có): "))
    return getpass.getpass(asked).strip() or None


def _verify(data: Path) -> bool:
    program = [sys.executable, "-m", "queue_service.verify", "--data", str(data)]
    done = subprocess.run(program, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        sys.stderr.write(done.stdout)
    return done.returncode == 0


def _bring_centre(restored: Restored, layout: Layout, data: Path) -> None:
    """Give a machine that has no centre's file of its own the backup's."""
    target = layout.centre_file
    if restored.centre is not None and data == layout.data and not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        replace_privately(target, restored.centre.read_bytes(), 0o644)
