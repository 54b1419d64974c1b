"""A ticket's story in words: one step for each event, with its time, who did it and how long."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from config.settings import term_name
from hall.model import HallState
from hall.words import N_, Words
from wait_log.rows import CallAck
from wait_log.story import StoryEvent, TicketStory
from web.view.names import class_name, device_name, printer_words, service_name

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MINUTE_S = 60
_HOUR_S = 3600
_SHORT_S = 10
_NAME_COUNTER = frozenset({"ticket_called", "ticket_recalled", "serving_started"})
"""Events whose words say at which counter they were."""
_SILENT = frozenset({"call_announced"})
_UNHEARD = {"shown": N_("bảng"), "spoken": N_("loa")}
_COMMANDS = {
    "call_next": N_("bấm gọi tiếp"),
    "call_ticket": N_("gọi đích danh số này"),
    "finish": N_("bấm Xong"),
    "mark_absent": N_("bấm Vắng mặt"),
    "park": N_("bấm Chờ ký"),
    "cancel_ticket": N_("người dân tự hủy số"),
    "close_counter": N_("quầy đóng"),
}
_UNDONE = {
    "call_next": N_("gọi tiếp"),
    "call_ticket": N_("gọi đích danh"),
    "start_serving": N_("bắt đầu phục vụ"),
    "finish": N_("xong"),
    "mark_absent": N_("vắng mặt"),
    "park": N_("chờ ký"),
    "transfer": N_("chuyển"),
    "return_to_queue": N_("trở lại hàng chờ"),
}
_VOIDED = {
    "day_closed": N_("hết ngày"),
    "superseded": N_("đã thay bằng số từ sổ dự phòng"),
}
_SKIPPED = N_("Loa bỏ qua lượt này")


@dataclass(frozen=True, slots=True)
class Mark:
    """What a device did with a call."""

    icon: str
    state: str
    """`ok` or `warn`."""
    words: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class StoryStep:
    """One event of a ticket."""

    time: str
    after: str
    """How long after the step before it; empty for the first."""
    icon: str
    state: str
    """`plain`, `good` or `bad`."""
    words: str
    details: tuple[str, ...] = ()
    marks: tuple[Mark, ...] = ()
    undone: bool = False


def story_steps(hall: HallState, story: TicketStory, t: Words) -> list[StoryStep]:
    """Return the steps of a story in order."""
    told = [event for event in story.events if event.kind not in _SILENT]
    steps, teller = [], _Teller(hall, story.heard, t)
    previous: datetime | None = None
    for event in told:
        after = "" if previous is None else f"+{t.duration((event.at - previous).total_seconds())}"
        steps.append(teller.step(event, after))
        previous = event.at
    return steps


def exact_duration(seconds: float | None, t: Words) -> str:
    """Return minutes and seconds in words, such as 11 phút 28 giây; a dash for None."""
    if seconds is None:
        return "–"
    whole = max(0, round(seconds))
    if whole < _MINUTE_S:
        return t("{seconds} giây", seconds=whole)
    minutes, rest = divmod(whole, _MINUTE_S)
    if whole >= _HOUR_S:
        hours, minutes = divmod(minutes, _MINUTE_S)
        return t("{hours} giờ {minutes} phút", hours=hours, minutes=minutes)
    return t("{minutes} phút {seconds} giây", minutes=minutes, seconds=rest)


_Told = tuple[str, str, str, list[str]]
"""Icon, state, words and details."""


class _Teller:
    """Puts the events of one ticket into words, in their order."""

    def __init__(self, hall: HallState, heard: Mapping[int, CallAck], t: Words) -> None:
        self._hall = hall
        self._heard = heard
        self._t = t
        self._waits_since: datetime | None = None
        self._called_at: datetime | None = None
        self._started_at: datetime | None = None
        self._tellers: dict[str, Callable[[StoryEvent], _Told]] = {
            "ticket_issued": self._issued,
            "ticket_delivered": self._issued,
            "print_requested": self._printed,
            "print_reported": self._printed,
            "ticket_called": self._called,
            "ticket_recalled": self._called,
            "serving_started": self._at_counter,
            "ticket_finished": self._at_counter,
            "ticket_absent": self._at_counter,
            "ticket_parked": self._at_counter,
            "ticket_transferred": self._sent,
            "ticket_returned": self._moved,
            "class_set": self._moved,
            "counter_closed": self._moved,
            "ticket_voided": self._voided,
        }

    def step(self, event: StoryEvent, after: str) -> StoryStep:
        icon, state, words, details = self._told(event)
        by = self._by(event)
        shown = [*details, *([by] if by and by not in details else [])]
        return StoryStep(
            time=self._time(event.at),
            after=after,
            icon=icon,
            state=state,
            words=words,
            details=tuple(detail for detail in shown if detail),
            marks=tuple(self._marks(event)),
            undone=event.undone,
        )

    def _told(self, event: StoryEvent) -> _Told:
        tell = self._tellers.get(event.kind, self._other)
        return tell(event)

    def _issued(self, event: StoryEvent) -> _Told:
        t, data = self._t, event.data
        given = _instant(event.text("issued_at")) or event.at
        self._waits_since = given
        place = self._place(event.text("device") or event.device)
        if event.kind == "ticket_delivered":
            told = t("{place} gửi về số đã cấp", place=place)
            return "ticket-check", "plain", told, [self._given(given)]
        details = []
        if data.get("offline_book"):
            details += [t("từ sổ dự phòng, lúc máy mất liên lạc"), self._given(given)]
        if data.get("roll_turn") is not None:
            details = [t("không rõ lấy lúc nào")]
            return "ticket-check", "plain", t("Số xé ở cuộn giấy, gọi tại quầy"), details
        if data.get("provisional"):
            details = [t("được gọi theo số, trước khi máy lấy số gửi về")]
        if data.get("ticket_class") == "priority":
            details.append(t("diện ưu tiên"))
        if data.get("adopted"):
            details.append(self._given(given))
            return "ticket-check", "plain", t("Nhận lại số từ phiếu giấy sau khi phục hồi"), details
        return "ticket-check", "plain", t("Lấy số ở {place}", place=_within(place)), details

    def _given(self, at: datetime) -> str:
        return self._t("cấp lúc {time}", time=self._time(at))

    def _printed(self, event: StoryEvent) -> _Told:
        t, copy = self._t, bool(event.data.get("copy"))
        details = [t("phiếu kèm hồ sơ")] if event.text("paper") == "file" else []
        details += [t("bản in lại")] if copy else []
        if event.kind == "print_requested":
            place = self._place(event.text("print_on"))
            return "printer", "plain", t("Gửi lệnh in đến {place}", place=_within(place)), details
        match event.text("outcome"):
            case "printed":
                return "printer", "plain", t("Đã in phiếu"), details
            case "failed":
                details.append(printer_words(event.text("reason"), t))
                return "printer", "bad", t("Chưa in được phiếu"), details
            case _:
                return "printer", "bad", t("Không rõ phiếu đã in hay chưa"), details

    def _called(self, event: StoryEvent) -> _Told:
        t, counter = self._t, event.number("counter") or 0
        again = event.kind == "ticket_recalled"
        self._called_at, self._started_at = event.at, None
        if again:
            time = (event.number("repeat") or 0) + 1
            words = t("Mời lại đến quầy {counter}, lần {time}", counter=counter, time=time)
            return "volume-2", "plain", words, []
        waited = self._since(self._waits_since, event.at)
        details = [t("chờ {duration}", duration=waited)] if waited else []
        if event.cause == "call_ticket":
            details.append(t(_COMMANDS[event.cause]))
        return "megaphone", "plain", t("Mời đến quầy {counter}", counter=counter), details

    def _at_counter(self, event: StoryEvent) -> _Told:
        t, counter = self._t, event.number("counter") or 0
        if event.kind == "serving_started":
            walked = self._since(self._called_at, event.at)
            self._started_at = event.at
            words = t("Công dân đã đến quầy {counter}", counter=counter)
            return "users", "plain", words, [t("sau khi mời {duration}", duration=walked)]
        pressed = t(_COMMANDS[event.cause]) if event.cause in _COMMANDS else ""
        served = self._since(self._started_at or self._called_at, event.at)
        took = t("phục vụ {duration}", duration=served) if served else ""
        self._waits_since = event.at
        if event.kind == "ticket_absent":
            unclear = t("chưa rõ: bàn phím không có phím chọn") if event.data.get("unclear") else ""
            by_time = t("tự chuyển vắng: đã gọi lại đủ số lần") if event.data.get("by_time") else ""
            return "user-x", "bad", t("Vắng mặt"), [unclear or by_time or pressed]
        if event.kind == "ticket_parked":
            return "stamp", "plain", t("Chờ ký"), [took, *self._parked(event)]
        if event.data.get("day_closed"):
            return "clock", "bad", t("Kết thúc khi hết ngày, không ai bấm Xong"), []
        return "circle-check", "good", t("Xong"), [self._outcome(event), took, pressed]

    def _sent(self, event: StoryEvent) -> _Told:
        """Tell of another line: sent there, on a way back, or back again."""
        t = self._t
        served = self._since(self._started_at or self._called_at, event.at)
        self._waits_since, self._called_at, self._started_at = event.at, None, None
        counter, service = event.number("to_counter"), event.text("to_service")
        details = [service_name(self._hall, service, t)] if counter is not None else []
        if event.data.get("came_back"):
            took = t("phục vụ {duration}", duration=served) if served else ""
            words = t("Xong việc ở quầy {counter}, quay lại", counter=event.number("counter") or 0)
            if counter is not None:
                to = t("về quầy {counter}", counter=counter)
            else:
                to = t("về hàng chờ {service}", service=service_name(self._hall, service, t))
            return "arrow-right-left", "good", words, [self._outcome(event), took, to]
        if event.number("back_to") is not None:
            details.append(t("xong thì về quầy {counter}", counter=event.number("back_to") or 0))
        details.append(self._note(event))
        if counter is None:
            words = t("Chuyển sang {service}", service=service_name(self._hall, service, t))
        else:
            words = t("Chuyển đến quầy {counter}", counter=counter)
        return "arrow-right-left", "plain", words, details

    def _parked(self, event: StoryEvent) -> list[str]:
        at = _instant(event.text("remind_at"))
        reminder = self._t("nhắc lúc {time}", time=self._time(at)) if at else ""
        return [self._term("park_reasons", event.text("reason")), reminder, self._note(event)]

    def _outcome(self, event: StoryEvent) -> str:
        name = self._term("outcomes", event.text("outcome"))
        return self._t("kết quả: {name}", name=name) if name else ""

    def _note(self, event: StoryEvent) -> str:
        name = self._term("notes", event.text("note"))
        return self._t("lời nhắn: {name}", name=name) if name else ""

    def _term(self, terms: str, term_id: str) -> str:
        """Return the present name of an entry of one of the site's lists."""
        centre = self._hall.centre
        known = getattr(centre.matters, terms) if centre else ()
        return term_name(known, term_id, self._t.lang)

    def _moved(self, event: StoryEvent) -> _Told:
        t = self._t
        if event.kind == "class_set":
            name = class_name(self._hall, event.text("to_class"), t)
            return "pencil", "plain", t("Đổi sang diện {name}", name=name), []
        if event.kind == "counter_closed":
            return "arrow-right-left", "plain", t("Quầy đóng, số trở lại hàng chờ chung"), []
        self._waits_since = event.at
        to_end = event.text("to") == "end"
        words = t("Còn hồ sơ – xếp cuối hàng") if to_end else t("Trở lại hàng chờ, giữ chỗ cũ")
        return "rotate-ccw", "plain", words, [self._note(event)]

    def _voided(self, event: StoryEvent) -> _Told:
        t, reason = self._t, event.text("reason")
        why = t(_VOIDED[reason]) if reason in _VOIDED else reason
        if event.cause == "cancel_ticket":
            why = t(_COMMANDS[event.cause])
        return "x", "bad", t("Đã hủy số"), [why]

    def _other(self, event: StoryEvent) -> _Told:
        t = self._t
        match event.kind:
            case "step_undone":
                what = t(_UNDONE.get(event.text("cause"), N_("bước vừa làm")))
                return "undo-2", "plain", t("Hoàn tác: {what}", what=what), []
            case "reminder_postponed":
                at = _instant(event.text("remind_at"))
                until = self._time(at) if at else "–"
                return "clock", "plain", t("Để sau, nhắc lại lúc {time}", time=until), []
            case "call_unannounced":
                missing = event.text("missing").split(", ")
                where = ", ".join(t(_UNHEARD[part]) for part in missing if part in _UNHEARD)
                words = t("Lượt gọi chưa báo được trên {where}", where=where or "–")
                return "triangle-alert", "bad", words, []
            case "call_handed_over":
                speaker = self._place(event.text("speaker"))
                other = self._place(event.text("instead_of"))
                words = t("{speaker} đọc thay {other}", speaker=speaker, other=other)
                return "volume-2", "plain", words, []
            case _:
                return "info", "plain", t("Việc khác: {kind}", kind=event.kind), []

    def _marks(self, event: StoryEvent) -> Iterable[Mark]:
        if event.kind not in ("ticket_called", "ticket_recalled"):
            return
        t, ack = self._t, self._heard.get(event.number("call_seq") or 0)
        if event.undone:
            yield Mark("undo-2", "warn", t("Lượt gọi đã rút lại"))
        if ack is None:
            return
        if ack.shown_us is not None:
            after_s = max(0.0, (_at(ack.shown_us) - event.at).total_seconds())
            detail = t("trên bảng sau {seconds} giây", seconds=_decimal(after_s, t))
            yield Mark("monitor", "ok", t("Đã hiện"), detail)
        if ack.spoken_us is not None:
            until = t("trên loa, xong lúc {time}", time=self._time(_at(ack.spoken_us)))
            yield Mark("volume-2", "ok", t("Đã đọc"), until)
        elif ack.skipped_us is not None:
            yield Mark("volume-2", "warn", t(_SKIPPED))

    def _by(self, event: StoryEvent) -> str:
        """Return who did it: an account, a counter, a device; empty where the words say it."""
        t = self._t
        if event.by and self._shows_accounts:
            if event.acting is None:
                return t("tài khoản {account}", account=event.by)
            return t("quầy {counter}, tài khoản {account}", counter=event.acting, account=event.by)
        if event.acting is not None:
            known = event.acting == event.number("counter") and event.kind in _NAME_COUNTER
            return "" if known else t("ở quầy {counter}", counter=event.acting)
        if event.kind.startswith(("ticket_issued", "ticket_delivered", "print_")):
            return ""
        return "" if event.device in ("", "service") else self._place(event.device)

    @property
    def _shows_accounts(self) -> bool:
        """Return whether this site has people, and not counters alone, named to managers."""
        centre = self._hall.centre
        return centre is not None and centre.rules.show_accounts

    def _place(self, device: str) -> str:
        known = self._hall.centre.device(device) if self._hall.centre else None
        return known.place(self._t.lang) if known and known.place else device_name(device, self._t)

    def _since(self, since: datetime | None, at: datetime) -> str:
        return "" if since is None else exact_duration((at - since).total_seconds(), self._t)

    def _time(self, at: datetime) -> str:
        return f"{at.astimezone(self._hall.zone):%H:%M:%S}"


def _within(name: str) -> str:
    """Return a name as it stands within a sentence."""
    return name[:1].lower() + name[1:]


def _decimal(seconds: float, t: Words) -> str:
    text = f"{seconds:.1f}" if seconds < _SHORT_S else f"{seconds:.0f}"
    return text.replace(".", ",") if t.lang == "vi" else text


def _at(microseconds: int) -> datetime:
    return _EPOCH + timedelta(microseconds=microseconds)


def _instant(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo else None
