"""The first start as text: what a console of Linux shows, Vietnamese above, English below."""

from qrcode.constants import ERROR_CORRECT_L
from qrcode.main import QRCode

from hall.words import N_, Words
from provisioning.first_start.ceremony import Stage
from provisioning.first_start.place import Place, in_groups

CLEAN = "\033[0m\033[H\033[2J\033[3J"
"""Nothing stays on the screen, nor in what can be scrolled back to."""
BEGIN = "\033[9;0]\033[?25l" + CLEAN
"""A console that does not go dark, without a cursor."""
END = CLEAN + "\033[?25h"
_BOLD, _PLAIN = "\033[1m", "\033[0m"
_DARK, _LIGHT = "\033[40m  ", "\033[47m  "
_QUIET = 2
_INDENT = 2

_NEW = N_("Máy chủ mới")
_STAGES = {
    Stage.WAITING: N_("Bấm phím bất kỳ ở đây để hiện mã khai báo."),
    Stage.ENDED: N_("Mã đã hết hạn hoặc bị hủy. Bấm phím bất kỳ để hiện mã mới."),
    Stage.OVER: N_("Đã có tài khoản quản trị. Màn hình này tự đóng."),
    Stage.BLIND: N_("Chưa mở được kho tài khoản; máy tự thử lại."),
}


def screen(place: Place, stage: Stage, code: str, left_s: int, size: tuple[int, int]) -> str:
    """Return everything that is shown on a console of `size`: columns, lines."""
    columns, lines = size
    vi, en = Words("vi"), Words("en")
    text = [
        f"{_BOLD}ĐẾN LƯỢT · {vi(_NEW)} / {en(_NEW)}{_PLAIN}",
        "",
        *_said(place, stage, code, left_s, vi),
        "",
        *_said(place, stage, code, left_s, en, again=True),
    ]
    rows = [" " * _INDENT + line if line else "" for line in text]
    picture = _qr(place.scanned(code))
    width = 2 * len(picture)
    beside = max((_width(row) for row in rows), default=0) + _INDENT
    if picture and beside + width <= columns and len(picture) <= lines - 1:
        rows += [""] * (len(picture) - len(rows))
        rows = [
            row + " " * (beside - _width(row)) + (picture[at] if at < len(picture) else "")
            for at, row in enumerate(rows)
        ]
    elif picture and len(rows) + len(picture) < lines and width + _INDENT <= columns:
        rows += ["", *(" " * _INDENT + line for line in picture)]
    return CLEAN + "\r\n".join(rows[: lines - 1])


def _said(
    place: Place, stage: Stage, code: str, left_s: int, t: Words, *, again: bool = False
) -> list[str]:
    """Return one language's lines; numbers and addresses stand in the first one alone."""
    if stage is not Stage.SHOWN:
        bold = "" if again else _BOLD
        return [f"{bold}{t(_STAGES[stage])}{_PLAIN}"]
    said = [t(N_("Mở trang này trên điện thoại, máy tính cùng mạng:"))]
    if not again:
        without = t(N_("chưa có mạng: mời cắm dây mạng, máy tự tìm"))
        said += [f"{_BOLD}{line}{_PLAIN}" for line in place.addresses or (without,)]
    if place.trust:
        said.append(t(N_("Trước đó, để trình duyệt không cảnh báo:")))
        said += [] if again else [f"{_BOLD}{place.trust}{_PLAIN}"]
    said.append(t(N_("Mã khai báo, chỉ hiện trên màn hình này:")))
    if not again:
        said.append(f"{_BOLD}{code}{_PLAIN}")
    minutes = f"{left_s // 60}:{left_s % 60:02d}"
    said.append(t(N_("Còn {minutes}. Bấm phím bất kỳ: mã mới, mã này bị hủy."), minutes=minutes))
    for name, digest in (
        (N_("Chứng nhận của máy chủ (SHA-256):"), place.server),
        (N_("Chứng nhận gốc của đơn vị (SHA-256), xem denluot-ca:"), place.authority),
    ):
        if digest:
            said.append(t(name))
            grouped = in_groups(digest)
            half = len(grouped) // 2 + 1
            said += [] if again else [grouped[:half], grouped[half:]]
    return said


def _width(row: str) -> int:
    for mark in (_BOLD, _PLAIN):
        row = row.replace(mark, "")
    return len(row)


def _qr(text: str) -> list[str]:
    """Return a QR code as lines of a console, two cells a module, light around it."""
    if not text:
        return []
    code = QRCode(error_correction=ERROR_CORRECT_L, border=_QUIET)
    code.add_data(text)
    code.make(fit=True)
    matrix = code.get_matrix()
    return ["".join(_DARK if dark else _LIGHT for dark in row) + _PLAIN for row in matrix]
