from dataclasses import replace
from datetime import datetime, timedelta

import msgspec
import pytest

from bus.states import BoardState, CounterState, CurrentTicket, Waiting
from bus.vocabulary import CounterStatus, TicketClass, TicketState
from hall.model import HallState
from hall.words import Words
from web.view.counters import CounterCard, counter_cards, counter_summary
from web.view.lines import line_rows


def _cards(hall: HallState, now: datetime, lang: str) -> list[CounterCard]:
    words = Words(lang)
    return counter_cards(hall, line_rows(hall, {}, now, words), now, words)


def _detail(now: datetime, number: str, state: TicketState, since_s: int) -> CounterState:
    begun = now - timedelta(seconds=since_s)
    current = CurrentTicket(
        ticket="T",
        number=number,
        service="CIVIL",
        ticket_class=TicketClass.PRIORITY,
        state=state,
        issued_at=now - timedelta(minutes=30),
        called_at=begun,
        started_at=begun if state is TicketState.SERVING else None,
    )
    return CounterState(
        epoch="E",
        rev=1,
        at=now,
        counter=2,
        status=CounterStatus.OPEN,
        current=current,
        served_today=7,
    )


def test_counters_in_order_with_their_states(hall_state: HallState, now: datetime) -> None:
    cards = _cards(hall_state, now, "vi")
    assert [(card.number, card.state, card.words) for card in cards] == [
        (1, "free", "Sẵn sàng"),
        (2, "priority", "Ưu tiên · Đang gọi hoặc phục vụ"),
        (6, "paused", "Họp, tiếp tục từ 13:30"),
        (9, "closed", "Chưa mở"),
    ]
    assert (cards[1].ticket, cards[1].service) == ("2005", "Hộ tịch")
    assert cards[3].service == "Hướng dẫn"
    assert counter_summary(cards, Words("vi")) == (
        "3 trên 4 quầy có cán bộ",
        "1 đang phục vụ · 1 sẵn sàng",
        "1 tạm nghỉ · 1 chưa mở",
    )


def test_a_closed_counter_says_who_waits_for_it(
    hall_state: HallState, board: BoardState, now: datetime
) -> None:
    waiting = (Waiting(service="HELP", count=4),)
    hall = replace(hall_state, board=msgspec.structs.replace(board, waiting=waiting))
    card = _cards(hall, now, "vi")[3]
    assert (card.state, card.words) == ("missed", "Chưa mở · 4 người chờ")


def test_english_takes_the_configured_words(hall_state: HallState, now: datetime) -> None:
    cards = _cards(hall_state, now, "en")
    assert cards[2].words == "In a meeting, again from 13:30"
    assert cards[1].service == "Civil status"


@pytest.mark.parametrize(
    ("heard", "words"),
    [
        (("2005", TicketState.CALLED, 20), "Ưu tiên · Đang gọi"),
        (("2005", TicketState.SERVING, 260), "Ưu tiên · 4 phút"),
        (("2005", TicketState.SERVING, -30), "Ưu tiên"),
        (("2004", TicketState.SERVING, 260), "Ưu tiên · Đang gọi hoặc phục vụ"),
    ],
)
def test_detail_of_the_counter_is_used_when_it_is_of_the_same_ticket(
    hall_state: HallState, now: datetime, heard: tuple[str, TicketState, int], words: str
) -> None:
    counters = {2: _detail(now, *heard)}
    hall = _with(hall_state, counters)
    card = _cards(hall, now, "vi")[1]
    assert (card.words, card.served) == (words, "Đã phục vụ 7 lượt")


def test_nothing_heard_yet(now: datetime) -> None:
    assert _cards(HallState(), now, "vi") == []


def test_a_pause_without_reason_or_time(
    hall_state: HallState, board: BoardState, now: datetime
) -> None:
    paused = msgspec.structs.replace(board.counters[2], reason=None, until=None)
    hall = _with(hall_state, {}, msgspec.structs.replace(board, counters=(paused,)))
    assert _cards(hall, now, "vi")[0].words == "Tạm nghỉ"


def _with(
    hall: HallState, counters: dict[int, CounterState], board: BoardState | None = None
) -> HallState:
    return HallState(linked=True, centre=hall.centre, board=board or hall.board, counters=counters)
