"""`denluot upgrade FILE`: put a newer release in the place of the one that runs."""

import argparse
import fcntl
import logging
import os
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

from config import Clock, ConfigError, load_device
from config.process import STORE_VARIABLE
from hall.words import N_, Words
from hall.words.arguments import CommandParser, words_of
from provisioning.errors import ProvisioningError
from provisioning.layout import Layout
from provisioning.upgrade.errors import UpgradeError
from provisioning.upgrade.hall_data import HallData, open_until
from provisioning.upgrade.loose_packages import SUFFIX, bundle_around, digests, read_loose
from provisioning.upgrade.machine import (
    AptPackages,
    PersonsUnits,
    SystemdUnits,
    UnpackedPackages,
    run_program,
    web_health,
)
from provisioning.upgrade.offer import Offer, read_offer, trusted_key, unpacked
from provisioning.upgrade.steps import INTERRUPTED, Outcome, Say, Units, Upgrade
from wait_log.dialects import store_url
from wait_log.errors import StoreError
from wait_log.reader import open_reader

_SYSTEMD = Path("/run/systemd/system")
_LOG = "upgrade.log"


def command(arguments: list[str]) -> int:
    """Upgrade; return 0 when the new release runs, 1 when the old one does, 2 for wrong use."""
    t = words_of(os.environ)
    options = _parser(t).parse_args(arguments)
    loose = [file.suffix == SUFFIX for file in options.files]
    if not options.files and not options.resume:
        _parser(t).error("the following arguments are required: FILE")
    if len(options.files) > 1 and not all(loose):
        _parser(t).error(t("nhiều FILE chỉ dùng cho tệp .deb"))
    layout = Layout(options.root)

    def say(text: str, **values: object) -> None:
        sys.stdout.write(t(text, **values) + "\n")
        sys.stdout.flush()

    try:
        layout.upgrade.mkdir(parents=True, exist_ok=True, mode=0o711)
        logging.basicConfig(
            filename=layout.upgrade / _LOG,
            level="INFO",
            format="%(asctime)s %(levelname)s %(name)s: %(message)s",
        )
        with (layout.upgrade / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return _run(layout, options, say)
    except UpgradeError as error:
        sys.stderr.write(t(error.message, **error.values) + "\n")
    except BlockingIOError:
        sys.stderr.write(t("Một lần nâng cấp khác đang chạy.") + "\n")
    except PermissionError as error:
        sys.stderr.write(t("Xin chạy bằng quyền quản trị: sudo denluot upgrade") + f" ({error})\n")
    except (ProvisioningError, ConfigError, StoreError, OSError) as error:
        sys.stderr.write(f"{error}\n")
    return 1


def _run(layout: Layout, options: argparse.Namespace, say: Say) -> int:
    clock = Clock()
    store = store_url(layout.data, options.store or os.environ.get(STORE_VARIABLE))
    site = load_device(layout.device_file if layout.device_file.exists() else None).site
    units = _units(layout, say)
    own_root = layout.root == Path("/")
    upgrade = Upgrade(
        layout,
        AptPackages(layout, run_program, layout.archive_key)
        if own_root
        else UnpackedPackages(layout, run_program),
        units,
        HallData(layout, store, site, os.environ),
        now=clock.now,
        monotonic=time.monotonic,
        wait=threading.Event().wait,
        say=say,
        watch_s=options.watch,
    )
    resumed = upgrade.resume()
    if options.resume:
        return _told(resumed, say) if resumed else 0
    folder = Path(tempfile.mkdtemp(prefix="bundle-", dir=layout.upgrade))
    try:
        offer = _checked_offer(options, layout, folder, say)
        _require_closed(store, site, clock, say, force=options.force)
        return _told(upgrade.run(offer), say)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _checked_offer(options: argparse.Namespace, layout: Layout, folder: Path, say: Say) -> Offer:
    """Return what is offered, once its signature is right or a person answers for it."""
    files, fingerprint = options.files, options.fingerprint
    if files[0].suffix == SUFFIX:
        bundle = bundle_around(files)
        offer = read_loose(files, layout, run_program, fingerprint, unsigned=options.unsigned)
    else:
        bundle = unpacked(files[0], folder)
        offer = read_offer(bundle, layout, run_program, fingerprint)
    if bundle is None:
        say(N_("KHÔNG có chữ ký, theo --unsigned: phiên bản {version}."), version=offer.version)
        for name, digest in digests(offer):
            say("    {name}: SHA-256 {digest}", name=name, digest=digest)
        return offer
    if fingerprint:  # as install.sh does: compared once, kept for the next time
        key = trusted_key(bundle, layout, fingerprint)
        layout.archive_key.write_bytes(key.read_bytes())
    say(N_("Gói đúng chữ ký: phiên bản {version}."), version=offer.version)
    return offer


def _told(outcome: Outcome, say: Say) -> int:
    if outcome.why == INTERRUPTED:
        say(
            N_("Lần nâng cấp trước bị ngắt giữa chừng; phiên bản {version} vẫn chạy."),
            version=outcome.release,
        )
        return 1
    if outcome.why:
        say(
            N_("Phiên bản {version} vẫn chạy ({why}). Dữ liệu không mất gì."),
            version=outcome.release,
            why=outcome.why,
        )
        return 1
    say(N_("Xong: đang chạy phiên bản {version}."), version=outcome.release)
    return 0


def _require_closed(store: str, site: str, clock: Clock, say: Say, *, force: bool) -> None:
    """Raise UpgradeError while people are served, unless a person wants it all the same."""
    with closing(open_reader(store, site)) as reader:
        until = open_until(reader, clock.now())
    if until is None:
        return
    time_text = until.astimezone().strftime("%H:%M")
    if not force:
        raise UpgradeError(
            N_(
                "Trung tâm đang mở cửa, đến {time}. Xin nâng cấp sau giờ đó, hoặc thêm --force: "
                "mọi màn hình sẽ ngừng khoảng một phút."
            ),
            time=time_text,
        )
    say(N_("Trung tâm đang mở cửa, đến {time}; vẫn nâng cấp theo --force."), time=time_text)


def _units(layout: Layout, say: Say) -> Units:
    if layout.root != Path("/") or not _SYSTEMD.exists():
        return PersonsUnits(say)
    return SystemdUnits(layout, run_program, _health(layout))


def _health(layout: Layout) -> Callable[[], str]:
    """Return what asks the pages of this machine; one without pages has its units alone."""
    serves = (layout.data / "accounts.db").exists()

    def health() -> str:
        if not serves:
            return ""
        with suppress(ConfigError):
            box = load_device(layout.device_file).web
            # Whose certificate the pages speak with is their matter: they are asked both ways.
            wrong = web_health(box.host, box.port, secure=True)
            return wrong and web_health(box.host, box.port, secure=False) and wrong
        return ""

    return health


def _parser(t: Words) -> CommandParser:
    parser = CommandParser(
        "denluot upgrade",
        t(
            "Nâng cấp máy này: kiểm tra chữ ký của gói, cài phiên bản mới bên cạnh phiên bản đang "
            "chạy, sao lưu, chạy thử trên bản chép dữ liệu, chuyển sang và theo dõi; không tốt thì "
            "tự trở lại phiên bản trước. Chạy khi trung tâm đóng cửa. Mất điện giữa chừng không "
            "hỏng gì: lần khởi động sau tự làm nốt hoặc trở lại. Mã kết thúc: 0 phiên bản mới "
            "đang chạy, 1 phiên bản cũ đang chạy."
        ),
        t,
    )
    add = parser.add_argument
    add(
        "files",
        nargs="*",
        type=Path,
        metavar="FILE",
        help=t("thư mục của thẻ nhớ, tệp .tar, hoặc hai tệp .deb"),
    )
    add(
        "--unsigned",
        action="store_true",
        help=t("nhận tệp .deb rời không có chữ ký; chỉ khi biết chắc nó từ đâu mà có"),
    )
    add("--force", action="store_true", help=t("nâng cấp cả khi trung tâm đang mở cửa"))
    add(
        "--fingerprint",
        metavar="HEX",
        help=t("dấu vân tay SHA-256 của khóa, khi máy chưa giữ khóa nào"),
    )
    add("--resume", action="store_true", help=t("làm nốt lần nâng cấp bị ngắt giữa chừng"))
    add(
        "--watch",
        type=float,
        default=60.0,
        metavar="SECONDS",
        help=t("theo dõi phiên bản mới bao lâu (60)"),
    )
    add("--store", metavar="URL", help=t("kho dữ liệu, nếu không nằm trong DIR"))
    add("--root", type=Path, default=Path("/"), help=argparse.SUPPRESS)
    return parser
