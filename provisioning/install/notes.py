"""What a person should know or do besides, after an installation."""

from collections.abc import Iterator

from config.settings import Device, SimulatedPrinter
from hall.words import N_, Words
from provisioning.install.facts import Facts
from provisioning.install.plan import windows
from provisioning.layout import Layout
from provisioning.roles import DESCRIPTIONS, PARTS, SERVER_PARTS, Part, Role


def role_changes(role: Role, facts: Facts, t: Words) -> Iterator[str]:
    """Yield what the machine becomes, and what it was before."""
    yield t("Vai trò: {role} – {says}", role=role.value, says=t(DESCRIPTIONS[role]))
    if facts.role not in (None, role) and facts.role:
        yield t("Trước đây là: {role}. Dữ liệu của vai trò cũ được giữ lại.", role=facts.role.value)


def notes(role: Role, device: Device, facts: Facts, layout: Layout, t: Words) -> Iterator[str]:
    """Yield what is missing, and the next step of a machine with this role."""
    parts = PARTS[role]
    missing = sorted(_packages(role, device) - facts.packages)
    if missing:
        yield t("Thiếu gói Debian: {names}", names=", ".join(missing))
    if facts.login_screen and windows(role, device):
        says = N_("Màn hình đăng nhập của máy che mất: mời chạy {command}, rồi khởi động lại máy.")
        yield t(says, command="sudo systemctl disable display-manager")
    if Part.KIOSK in parts and any(isinstance(p, SimulatedPrinter) for p in device.kiosk.printers):
        yield t(
            "Chưa có máy in phiếu: phiếu được ghi thành tệp. Mời cắm máy in, rồi chọn ở trang "
            "Khai báo lần đầu, bước Máy in."
        )
    if Part.BOARD in parts and not device.boards:
        says = N_("{file} không nêu màn hình gọi số nào: mời thêm [[boards]].")
        yield t(says, file=layout.device_file)
    if role is Role.COUNTER and not device.panels:
        says = N_("{file} không nêu cửa sổ quầy nào: mời thêm [[panels]].")
        yield t(says, file=layout.device_file)
    if not parts & SERVER_PARTS and not layout.broker_password.exists():
        yield t("Tiếp theo: thêm thiết bị trên trang quản lý, rồi chạy ở đây: denluot join MÃ")
        yield t("Đến lúc đó máy này chưa chạy gì và chưa khóa gì.")
    elif windows(role, device):
        yield t("Từ lần khởi động sau, bàn phím và bảng điều khiển của máy này bị khóa.")
    if not facts.systemd:
        yield t("systemd không chạy ở đây: mọi thứ sẽ chạy khi máy khởi động.")


def _packages(role: Role, device: Device) -> set[str]:
    """Return Debian's packages without which the role does not work."""
    needed = {"chrony"}
    if PARTS[role] & SERVER_PARTS:
        needed.add("mosquitto")
    if shown := windows(role, device):
        several = {"openbox", "xinit", "xinput", "xserver-xorg-core"}
        needed |= {"cage"} if shown == 1 else several
    return needed
