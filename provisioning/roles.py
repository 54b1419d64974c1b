"""What a machine of the hall is for, and which of our programs run on it for that."""

from collections.abc import Mapping
from enum import StrEnum, auto

from hall.words import N_
from provisioning.errors import ProvisioningError
from provisioning.layout import Layout


class Role(StrEnum):
    """What a machine of the hall is for."""

    SERVER = auto()
    KIOSK = auto()
    BOARD = auto()
    COUNTER = auto()
    ALL = auto()


class Part(StrEnum):
    """One program of ours, as its unit is named."""

    BROKER = auto()
    SERVICE = auto()
    WEB = auto()
    BACKUP = auto()
    KIOSK = auto()
    BOARD = auto()
    ANNOUNCER = auto()
    COUNTER = auto()
    KEYPAD = auto()
    SIGN = auto()


SERVER_PARTS = frozenset({Part.BROKER, Part.SERVICE, Part.WEB, Part.BACKUP})
SCREEN_PARTS = frozenset({Part.KIOSK, Part.BOARD, Part.COUNTER})
_LINES = frozenset({Part.KEYPAD, Part.SIGN})
"""What hangs on a cable: it runs wherever `device.toml` names some."""

PARTS: Mapping[Role, frozenset[Part]] = {
    Role.SERVER: SERVER_PARTS | _LINES,
    Role.KIOSK: _LINES | {Part.KIOSK},
    Role.BOARD: _LINES | {Part.BOARD, Part.ANNOUNCER},
    Role.COUNTER: _LINES | {Part.COUNTER},
    Role.ALL: SERVER_PARTS | _LINES | {Part.KIOSK, Part.BOARD, Part.ANNOUNCER},
}

DESCRIPTIONS: Mapping[Role, str] = {
    Role.SERVER: N_("máy chủ: giữ sổ ghi, trang quản lý, đồng hồ của cả phòng"),
    Role.KIOSK: N_("máy lấy số có màn hình cảm ứng và máy in"),
    Role.BOARD: N_("máy sau các màn hình gọi số, có loa"),
    Role.COUNTER: N_("máy ở quầy có cửa sổ gọi số riêng"),
    Role.ALL: N_("một máy làm tất cả: máy chủ, máy lấy số, màn hình gọi số, loa"),
}


def installed_role(layout: Layout) -> Role | None:
    """Return the role that this machine was given, None before `denluot install`."""
    try:
        text = layout.role_file.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise ProvisioningError(f"{layout.role_file}: cannot be read: {error}") from error
    try:
        return Role(text)
    except ValueError as error:
        known = ", ".join(Role)
        raise ProvisioningError(
            f"{layout.role_file}: no role {text[:40]!r}; there are {known}"
        ) from error
