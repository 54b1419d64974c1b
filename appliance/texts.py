"""What the command says, in Vietnamese or English."""

from collections.abc import Mapping
from dataclasses import dataclass

from config.language import in_english

_TEXTS = {
    "starting": ("Đang khởi động…", "Starting…"),
    "started": ("Đã chạy: {name}", "Up: {name}"),
    "title": ("Đến Lượt đang chạy ({seconds} giây)", "Đến Lượt is running ({seconds} s)"),
    "process": ("Tiến trình", "Process"),
    "look": ("Xem ở đâu", "Where to look"),
    "data": (
        "Dữ liệu: {data}/wait_log.db · phiếu: {data}/paper/ · kết nối: {data}/connection.json",
        "Data: {data}/wait_log.db · papers: {data}/paper/ · join: {data}/connection.json",
    ),
    "demonstration": (
        "Đây là trung tâm trình diễn, mở cửa bất kể giờ nào.",
        "This is the demonstration centre, open whatever the hour.",
    ),
    "headless": (
        "Không có màn hình: các cửa sổ được vẽ ẩn.",
        "No screen: windows are drawn offscreen.",
    ),
    "silent": (
        "Lời gọi được ghi thành tệp trong {data}/voice/ thay vì phát ra loa.",
        "Announcements are written to {data}/voice/ instead of being played.",
    ),
    "end": ("Dừng: Ctrl+C", "Stop: Ctrl+C"),
    "stopping": ("Đang dừng…", "Stopping…"),
}


@dataclass(frozen=True, slots=True)
class Texts:
    """The command's texts in one language, Vietnamese unless the locale is English."""

    english: bool

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> "Texts":
        """Choose the language by LC_ALL, LC_MESSAGES or LANG."""
        return cls(in_english(environment))

    def __call__(self, key: str, **values: object) -> str:
        """Return the text `key` with `values` filled in."""
        return _TEXTS[key][self.english].format(**values)
