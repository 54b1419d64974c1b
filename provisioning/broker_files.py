"""`python -m provisioning.broker_files`: make what the site's broker needs before it starts."""

import os
import sys
from contextlib import closing
from pathlib import Path

from config.errors import ConfigError
from config.load import load_centre, load_device
from hall.words import N_
from hall.words.arguments import CommandParser, words_of
from provisioning.broker_settings import CONFIGURATION, PASSWORDS, RULES
from provisioning.devices import SCREENS_BOX
from provisioning.errors import ProvisioningError
from provisioning.layout import BROKER, Layout
from provisioning.site_db import FILE_NAME, open_site_db
from provisioning.site_server import OWN_ROLES, SiteServer


def main(arguments: list[str]) -> int:
    """Prepare the broker's files; return 0, or 1 where there are none, and say what is wrong."""
    t = words_of(os.environ)
    parser = CommandParser(
        "python -m provisioning.broker_files",
        t(N_("Chuẩn bị broker của máy chủ: chứng thư, tài khoản của các máy, quyền.")),
        t,
    )
    layout = Layout()
    add = parser.add_argument
    add("--data", type=Path, metavar="DIR", default=layout.data, help=t("thư mục dữ liệu"))
    add("--device", type=Path, metavar="FILE", default=layout.device_file, help="device.toml")
    add("--config", type=Path, metavar="FILE", default=layout.centre_file, help="centre.toml")
    add("--socket", type=Path, metavar="FILE", default=layout.broker_socket, help="mqtt.sock")
    add(
        "--pair-own",
        metavar="kiosk-1,board-1",
        default="",
        help=t("cấp tài khoản cho các thiết bị của chính máy này; mật khẩu ra đầu ra chuẩn"),
    )
    options = parser.parse_args(arguments)
    try:
        site = _site(options.device, options.config)
        centre = load_centre(options.config if options.config.exists() else None)
        roles = {device.id: device.role.value for device in centre.devices}
        with closing(open_site_db(options.data / FILE_NAME)) as db:
            server = SiteServer(options.data, site, db, options.socket)
            server.prepare(roles)
            if own := [device for device in options.pair_own.split(",") if device]:
                _pair_own(server, own)
    except (ProvisioningError, ConfigError) as error:
        sys.stderr.write(f"{error}\n")
        if options.pair_own or not _complete(options.data):
            return 1
        sys.stderr.write("the broker starts with the accounts that it had before\n")
    return 0


def _complete(data: Path) -> bool:
    """Return whether an earlier start left all that a broker needs: no hall waits for a disk."""
    needed = (CONFIGURATION, PASSWORDS, RULES)
    return all((data / BROKER / name).is_file() for name in needed)


def _site(device: Path, config: Path) -> str:
    """Return whose server this is: what the box says, as its processes do."""
    if device.exists():
        return load_device(device).site
    return load_centre(config if config.exists() else None).identity.site


def _pair_own(server: SiteServer, devices: list[str]) -> None:
    known = server.boxes.site_devices()
    if strangers := [device for device in devices if device not in known or device in OWN_ROLES]:
        raise ProvisioningError(
            f"the configuration knows no device {', '.join(strangers)}: add it first"
        )
    _, password = server.boxes.pair("", devices, by="denluot", address="", box=SCREENS_BOX)
    server.apply()
    sys.stdout.write(f"{password}\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
