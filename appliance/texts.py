"""What the command says, in Vietnamese or English."""

from collections.abc import Mapping
from dataclasses import dataclass

from config.language import in_english
from hall.words import N_, Words

_TEXTS = {
    "starting": N_("Đang khởi động…"),
    "started": N_("Đã chạy: {name}"),
    "title": N_("Đến Lượt đang chạy ({seconds} giây)"),
    "process": N_("Tiến trình"),
    "look": N_("Xem ở đâu"),
    "data": N_(
        "Dữ liệu: {data}/wait_log.db · phiếu: {data}/paper/ · kết nối: {data}/connection.json"
    ),
    "demonstration": N_("Đây là trung tâm trình diễn, mở cửa bất kể giờ nào."),
    "headless": N_("Không có màn hình: các cửa sổ được vẽ ẩn."),
    "silent": N_("Lời gọi được ghi thành tệp trong {data}/voice/ thay vì phát ra loa."),
    "end": N_("Dừng: Ctrl+C"),
    "stopping": N_("Đang dừng…"),
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
        return Words("en" if self.english else "vi")(_TEXTS[key]).format(**values)
