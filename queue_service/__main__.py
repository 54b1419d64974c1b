"""Start the service: `python -m queue_service`."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from bus.session import Session, at_once, connect, new_id
from config import ConfigError, Stopping, load_centre
from config.failpoint import FAILPOINT_VARIABLE, failpoint_from
from config.process import STORE_VARIABLE
from hall.words import N_
from hall.words.arguments import CommandParser, start
from provisioning.broker_settings import revoked_in
from provisioning.layout import BROKER
from queue_service.day import confirmed_day
from queue_service.start import Place, boot_of
from queue_service.turns import Turns
from wait_log.copies import accepted_without_copy

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
_DEVICE = "service"


def main(argv: Sequence[str] | None = None) -> int:
    """Run until told to stop; return the exit status."""
    launch = start(
        "queue_service",
        N_("Dịch vụ xếp hàng: cấp số, chọn lượt kế tiếp và ghi lại mọi lượt chờ."),
        sys.argv[1:] if argv is None else argv,
        os.environ,
        _add_arguments,
    )
    try:
        centre = load_centre(launch.arguments.config)
    except ConfigError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    place = Place(
        data=launch.data,
        clock=launch.clock,
        boot=boot_of(launch.clock, _BOOT_ID),
        new_id=new_id,
        approved_day=lambda: confirmed_day(launch.data),
        revoked=lambda: revoked_in(launch.data / BROKER),
        keep_months=launch.device.retention.ticket_months,
        failpoint=failpoint_from(os.environ.get(FAILPOINT_VARIABLE)),
        store=launch.arguments.store or os.environ.get(STORE_VARIABLE) or None,
        without_copy=lambda: accepted_without_copy(launch.data),
    )
    stopping = Stopping()

    def make_link() -> Session:
        return connect(
            launch.account(_DEVICE, "queue"),
            centre.identity.site,
            _DEVICE,
            now=launch.clock.now,
            monotonic=launch.clock.monotonic,
            machine=launch.machine,
            deliver=at_once,
        )

    turns = Turns(
        place,
        centre,
        make_link,
        stopping,
        launch.watchdog,
        always_open=launch.arguments.always_open,
    )
    return turns.serve(waits=launch.arguments.standby)


def _add_arguments(parser: CommandParser) -> None:
    parser.add_argument("--config", type=Path, help=parser.t("cấu hình trung tâm (centre.toml)"))
    parser.add_argument(
        "--store", metavar="URL", help=parser.t("kho dữ liệu, nếu không nằm trong DIR")
    )
    parser.add_argument(
        "--standby",
        action="store_true",
        help=parser.t("chờ và tiếp quản khi dịch vụ đang chạy dừng hẳn (kho PostgreSQL)"),
    )
    parser.add_argument(
        "--always-open", action="store_true", help=parser.t("cấp số bất kể giờ nào")
    )


if __name__ == "__main__":
    sys.exit(main())
