"""Who waits for which service."""

from dataclasses import dataclass

from bus.states import ServiceState
from hall.model import HallState
from hall.words import N_, Words
from web.view.names import clock, service_name

_NO_NUMBERS = N_("Không cấp số")
_WHY_CLOSED = {
    "hours": N_("Ngoài giờ lấy số"),
    "last_ticket": N_("Đã hết giờ lấy số"),
    "full": N_("Đã đủ số hôm nay"),
    "holiday": N_("Ngày nghỉ"),
    "paused": N_("Tạm dừng cấp số"),
}


@dataclass(frozen=True, slots=True)
class LineRow:
    """One service's line."""

    service: str
    count: int
    next: tuple[str, ...]
    wait: str
    open: bool
    words: str


def line_rows(hall: HallState, t: Words) -> list[LineRow]:
    """Return the lines in the order of the services."""
    lines = {line.service: line for line in hall.board.waiting} if hall.board else {}
    offers = {offer.service: offer for offer in hall.services.services} if hall.services else {}
    known = [service.code for service in hall.centre.services] if hall.centre else []
    rows = []
    for code in dict.fromkeys((*known, *offers, *lines)):
        line, offer = lines.get(code), offers.get(code)
        rows.append(
            LineRow(
                service=service_name(hall, code, t),
                count=line.count if line else 0,
                next=line.next if line else (),
                wait=t.minutes_range(offer.wait_min if offer else None),
                open=bool(offer and offer.open),
                words=_offer_words(hall, offer, t),
            )
        )
    return rows


def _offer_words(hall: HallState, offer: ServiceState | None, t: Words) -> str:
    if offer is None:
        return t("Chưa rõ")
    if offer.open:
        return t("Đang cấp số")
    words = t(_WHY_CLOSED.get(offer.why or "", _NO_NUMBERS))
    if offer.opens_at is None:
        return words
    return t("{reason}, tiếp tục từ {until}", reason=words, until=clock(offer.opens_at, hall))
