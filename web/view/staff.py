"""Between people of the house, as managers see it: who calls, and what was said."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bus.states import DeskMessage, StaffCall
from bus.vocabulary import Colleague
from hall.model import HallState
from hall.words import N_, Words
from web.view.names import clock
from web.view.strips import Action, Strip

_RING_AGAIN = timedelta(seconds=30)
_WANTED: Mapping[str, str] = {
    Colleague.COLLEAGUE: N_("Quầy {0} cần đồng nghiệp đến giúp"),
    Colleague.GUARD: N_("Quầy {0} cần bảo vệ"),
    Colleague.SUPERVISOR: N_("Quầy {0} cần lãnh đạo"),
}
_SHOWN = 12


@dataclass(frozen=True, slots=True)
class MessageRow:
    """One message, with who has read it."""

    at: str
    who: str
    text: str
    read: str
    own: bool
    """Whether managers say it."""


@dataclass(frozen=True, slots=True)
class StaffView:
    """The messages of the day, the newest first, and when there was last something to hear."""

    messages: tuple[MessageRow, ...]
    counters: tuple[int, ...]
    """Whom managers can tell something."""
    sounds: str
    """It grows with everything that makes a sound."""


def staff_view(hall: HallState, now: datetime, t: Words) -> StaffView:
    """Return what was said today."""
    said = hall.staff.messages if hall.staff else ()
    counters = tuple(counter.number for counter in hall.centre.counters) if hall.centre else ()
    rows = [_row(message, hall, counters, t) for message in reversed(said[-_SHOWN:])]
    heard = [message.at for message in said if message.counter is not None]
    for call in _open(hall):
        again = max(0, (now - call.since) // _RING_AGAIN)
        heard.append(call.since + again * _RING_AGAIN)
    return StaffView(tuple(rows), counters, max(heard).isoformat() if heard else "")


def call_strips(hall: HallState, t: Words) -> list[Strip]:
    """Return who calls for somebody, and who goes."""
    strips = []
    for call in hall.staff.calls if hall.staff else ():
        wanted = _WANTED.get(call.whom, N_("Quầy {0} cần người đến"))
        words, since = t(wanted, call.counter), clock(call.since, hall)
        if call.answered_at is not None:
            who = t("Quản lý") if call.answered_by is None else t("Quầy {0}", call.answered_by)
            detail = t("{since} · {who} đang đến", since=since, who=who)
            strips.append(Strip("warn", words, detail, "bell"))
            continue
        action = Action(
            "/today/answer-colleague",
            t("Tôi đến giúp"),
            "calling",
            str(call.counter),
            f"answer_colleague {call.counter} {call.since.isoformat()}",
        )
        detail = t("{since} · chưa ai nhận", since=since)
        strips.append(Strip("bad", words, detail, "bell", action))
    return strips


def _open(hall: HallState) -> Iterator[StaffCall]:
    return (c for c in (hall.staff.calls if hall.staff else ()) if c.answered_at is None)


def _row(message: DeskMessage, hall: HallState, counters: tuple[int, ...], t: Words) -> MessageRow:
    own = message.counter is None
    if not own:
        return MessageRow(
            clock(message.at, hall), t("Quầy {0}", message.counter), message.text, "", own
        )
    wanted = message.to or counters
    unread = [str(number) for number in wanted if number not in message.read_by]
    to = ", ".join(str(number) for number in message.to)
    who = t("Gửi quầy {counters}", counters=to) if to else t("Gửi mọi quầy")
    read = t("mọi quầy đã đọc")
    if unread:
        count = len(wanted) - len(unread)
        read = t("{count} đã đọc, chưa: {counters}", count=count, counters=", ".join(unread))
    return MessageRow(clock(message.at, hall), who, message.text, read, own)
