"""The words on paper, in the languages of the hall."""

from dataclasses import dataclass

from bus.vocabulary import Language, TicketClass


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Every fixed text of a ticket in one language."""

    your_number: str
    marks: dict[TicketClass, str]
    copy: str
    ahead: str
    nobody: str
    one_person: str
    people: str
    wait: str
    wait_below: str
    minutes: str
    below: str
    taken_at: str
    papers: str
    scan: str
    offline: str
    hotline: str

    def people_ahead(self, count: int) -> str:
        """Return how many stand before, in words."""
        if count == 0:
            return self.nobody
        return self.one_person if count == 1 else self.people.format(count)

    def wait_range(self, wait_min: tuple[int, int]) -> tuple[str, str]:
        """Return the label and the range of a wait in minutes."""
        low, high = wait_min
        if low == 0:
            return self.wait_below, self.below.format(max(high, 1))
        shown = str(low) if low == high else f"{low}–{high}"
        return self.wait, self.minutes.format(shown)


_VIETNAMESE = Words(
    your_number="Số thứ tự của quý vị",
    marks={TicketClass.PRIORITY: "ƯU TIÊN", TicketClass.APPOINTMENT: "CÓ HẸN"},
    copy="BẢN IN LẠI",
    ahead="Trước quý vị",
    nobody="không có ai",
    one_person="1 người",
    people="{} người",
    wait="Chờ khoảng",
    wait_below="Thời gian chờ",
    minutes="{} phút",
    below="dưới {} phút",
    taken_at="Lấy số lúc",
    papers="Mời quý vị chuẩn bị",
    scan="Quét mã theo dõi lượt",
    offline="Hệ thống đang tạm gián đoạn, số này vẫn có giá trị.",
    hotline="Đường dây nóng: {}",
)

_ENGLISH = Words(
    your_number="Your number",
    marks={TicketClass.PRIORITY: "PRIORITY", TicketClass.APPOINTMENT: "APPOINTMENT"},
    copy="REPRINTED COPY",
    ahead="Ahead of you",
    nobody="nobody",
    one_person="1 person",
    people="{} people",
    wait="Expected wait",
    wait_below="Expected wait",
    minutes="{} minutes",
    below="under {} minutes",
    taken_at="Taken at",
    papers="Please have ready",
    scan="Scan to follow your turn",
    offline="The system is briefly offline; this number is valid.",
    hotline="Hotline: {}",
)


def words(lang: Language) -> Words:
    """Return the words of `lang`."""
    return _ENGLISH if lang is Language.ENGLISH else _VIETNAMESE
