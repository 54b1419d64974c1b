"""The closed sets of the wire and the bounds of what travels on it; everything else uses these.

Times are aware UTC datetimes between 2000 and 2100; texts carry no control or bidirectional
characters. Both are checked when a message is decoded (`bus.codec`).
"""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, NewType

from msgspec import Meta

DeviceId = NewType("DeviceId", str)
TicketId = NewType("TicketId", str)
TicketNumber = NewType("TicketNumber", str)
ServiceCode = NewType("ServiceCode", str)

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
LATEST = datetime(2100, 1, 1, tzinfo=UTC)
LONGEST_UNTIL_DAYS = 31
"""How far ahead of its command an `until` may lie."""

MOST_LISTED = 50
"""Entries that a list of a state has at most; totals say how many there are."""

Id = Annotated[str, Meta(min_length=1, max_length=40)]
Instant = Annotated[datetime, Meta(tz=True)]
ShortText = Annotated[str, Meta(max_length=200)]
LongText = Annotated[str, Meta(max_length=500)]
SpokenText = Annotated[str, Meta(min_length=1, max_length=200)]
"""What is spoken in about 15 s: the next call waits no longer."""
DeskText = Annotated[str, Meta(min_length=1, max_length=120)]
"""What staff tell each other; about the work, never about a person."""
Day = Annotated[str, Meta(pattern=r"^\d{4}-\d\d-\d\d$")]
CounterNumber = Annotated[int, Meta(ge=1, le=99)]
Count = Annotated[int, Meta(ge=0)]
TermId = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
"""An entry of one of the site's short lists: an outcome, a reason to park, a note."""
AppointmentCode = Annotated[str, Meta(min_length=1, max_length=16)]
"""The code of an appointment as somebody typed it; see `bus.codes`."""
LONGEST_REMINDER_MIN = 600
"""How long a parked ticket may rest before its counter is reminded of it."""
ReminderMinutes = Annotated[int, Meta(ge=1, le=LONGEST_REMINDER_MIN)]


class TicketClass(StrEnum):
    """How a ticket stands in line."""

    NORMAL = "normal"
    PRIORITY = "priority"
    APPOINTMENT = "appointment"


class Language(StrEnum):
    """The language a citizen chose."""

    VIETNAMESE = "vi"
    ENGLISH = "en"

    @classmethod
    def of(cls, lang: str) -> "Language":
        """Return `lang`, Vietnamese for one that boxes of before do not know."""
        return cls(lang) if lang in set(cls) else cls.VIETNAMESE


OtherLanguage = Annotated[str, Meta(pattern=r"^([a-z]{2,3})?$")]
"""A language beside those of `Language`, where `lang` says what to take instead; empty for none."""


def other_language(lang: str) -> str:
    """Return `lang` if boxes of before do not know it, else nothing."""
    return "" if lang in set(Language) else lang


class TicketState(StrEnum):
    """Where a ticket is in its life."""

    WAITING = "waiting"
    CALLED = "called"
    SERVING = "serving"
    PARKED = "parked"
    ABSENT = "absent"
    FINISHED = "finished"
    VOID = "void"


class AppointmentState(StrEnum):
    """What became of an appointment."""

    BOOKED = "booked"
    CAME = "came"
    MISSED = "missed"
    """Its day closed and nobody had come."""
    CANCELLED = "cancelled"


class WhyNoAppointment(StrEnum):
    """Why an appointment cannot be made, or not be kept now; a refusal's result names it."""

    WRONG_CODE = "wrong_code"
    CANCELLED = "cancelled"
    PAST = "past"
    """It was on a day that is over."""
    OTHER_DAY = "other_day"
    """It is on a day to come."""
    EARLY = "early"
    LATE = "late"
    """A normal number is given instead."""
    USED = "used"
    TRIES = "tries"
    """Too many wrong codes: after a minute again."""
    NO_SLOT = "no_slot"
    SLOT_PAST = "slot_past"
    SLOT_FULL = "slot_full"
    TOO_MANY = "too_many"
    """The centre has as many appointments as it may."""
    KNOWN = "known"
    """Another system's appointment that was taken in before."""


class CounterStatus(StrEnum):
    """Whether a counter serves."""

    OPEN = "open"
    PAUSED = "paused"
    CLOSED = "closed"


class PrintOutcome(StrEnum):
    """What became of a print; `unknown` is never repeated silently."""

    PRINTED = "printed"
    FAILED = "failed"
    UNKNOWN = "unknown"


class PaperKind(StrEnum):
    """For whom a paper of a number is."""

    CITIZEN = "citizen"
    FILE = "file"
    """It stays with the file; nobody waits with it."""


class CurrentTo(StrEnum):
    """What `call_next` does with the ticket the counter has."""

    FINISH = "finish"
    PARK = "park"
    ABSENT = "absent"


class ReturnTo(StrEnum):
    """Where a returned ticket stands."""

    PLACE = "place"
    END = "end"


class AckOutcome(StrEnum):
    """What a board or an announcer did with a call."""

    ACCEPTED = "accepted"
    SHOWN = "shown"
    SPOKEN = "spoken"
    SKIPPED = "skipped"


class Error(StrEnum):
    """Why a command was refused."""

    CLOSED = "closed"
    FULL = "full"
    TOO_SOON = "too_soon"
    TOO_FAST = "too_fast"
    """Please wait: the service is there, so this is no reason for an offline number."""
    EMPTY = "empty"
    STALE = "stale"
    CONFLICT = "conflict"
    NOT_ALLOWED = "not_allowed"
    UNKNOWN = "unknown"
    INVALID = "invalid"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"
    UNAVAILABLE = "unavailable"


class Role(StrEnum):
    """What a device may do."""

    KIOSK = "kiosk"
    BOARD = "board"
    ANNOUNCER = "announcer"
    COUNTER = "counter"
    KEYPAD = "keypad"
    SIGN = "sign"
    BUTTONS = "buttons"
    """The account of wireless buttons, or of their bridge; it publishes no status."""
    WEB = "web"
    WEB_PUBLIC = "web_public"
    """What phones ask for: it may cancel a ticket and nothing else."""
    SERVICE = "service"


class WhyClosed(StrEnum):
    """Why a service gives no numbers."""

    HOURS = "hours"
    LAST_TICKET = "last_ticket"
    FULL = "full"
    PAUSED = "paused"
    HOLIDAY = "holiday"
    ROLL = "roll"
    """Its numbers are torn from a printed roll."""
    OTHER = "other"
    """One that a newer service knows."""

    @classmethod
    def _missing_(cls, value: object) -> "WhyClosed":
        del value
        return cls.OTHER


class AlarmKind(StrEnum):
    """What staff should know or do."""

    HELP = "help"
    """Somebody at a kiosk asks for a person."""
    DEVICE_OFFLINE = "device_offline"
    BOARD_BEHIND = "board_behind"
    """A board hangs with old numbers."""
    UNANNOUNCED = "unannounced"
    """A call was not shown or not spoken."""
    PRINTER = "printer"
    SIGN = "sign"
    STORE = "store"
    """Nothing can be stored: no number is given, nobody is called."""
    NOBODY_SERVES = "nobody_serves"
    """People wait for a service that no open counter serves."""
    NUMBER_REFUSED = "number_refused"
    """A number of an offline book was refused: somebody holds a paper that nobody knows."""
    PAPER_LOST = "paper_lost"
    """A paper failed after its kiosk's page had gone home."""
    COLLEAGUE = "colleague"
    """A counter asks, silently, for somebody of the house."""
    DAY_TO_CONFIRM = "day_to_confirm"
    """The clock is far ahead: a person says whether the day is right."""
    REMINDER = "reminder"
    """The time is over that was given to a ticket when it was parked."""
    OTHER = "other"
    """One that a newer service knows."""

    @classmethod
    def _missing_(cls, value: object) -> "AlarmKind":
        del value
        return cls.OTHER


class Colleague(StrEnum):
    """For whom a counter calls."""

    COLLEAGUE = "colleague"
    GUARD = "guard"
    SUPERVISOR = "supervisor"


class SkipReason(StrEnum):
    """Why a call was not spoken or shown: the `reason` of its acknowledgement."""

    TOO_OLD = "too_old"
    WITHDRAWN = "withdrawn"
    ANSWERED = "answered"
    TAKEN_OVER = "taken_over"
    REPLACED = "replaced"
    QUIET_HOURS = "quiet_hours"
    MUTED = "muted"
    NO_OUTPUT = "no_output"
    NO_VOICE = "no_voice"
    FAILED = "failed"
    SCREEN_OFF = "screen_off"
    """Of a board: its screen was not lit."""


NEEDLESS_SKIPS = frozenset(
    {
        SkipReason.TOO_OLD,
        SkipReason.WITHDRAWN,
        SkipReason.ANSWERED,
        SkipReason.TAKEN_OVER,
        SkipReason.REPLACED,
        SkipReason.QUIET_HOURS,
        SkipReason.MUTED,
    }
)
"""Skipped by intent: nobody needs it, or the hall is to be quiet."""


class OrderOutcome(StrEnum):
    """What became of something that a device was told to do."""

    DONE = "done"
    """Printed and proven, spoken to the last sample, painted, set."""
    UNPROVEN = "unproven"
    """Sent to a printer or a sign that cannot say whether it did it: somebody looks."""
    FAILED = "failed"
    UNANSWERED = "unanswered"
    """The device said nothing in time; only the service says so."""


class PrinterLine(StrEnum):
    """How a printer is reached."""

    FILE = "file"
    """The kernel's own printer device, such as `/dev/usb/lp0`."""
    SERIAL = "serial"
    NETWORK = "network"
    SIMULATED = "simulated"
    """There is none: what would be printed becomes files."""


class PrinterState(StrEnum):
    """What is known of a printer; silence is `unknown`, never "ready"."""

    READY = "ready"
    PAPER_LOW = "paper_low"
    PAPER_OUT = "paper_out"
    COVER_OPEN = "cover_open"
    CUTTER_ERROR = "cutter_error"
    OVERHEATED = "overheated"
    """The head is too hot; it cools down by itself."""
    FAULT = "fault"
    """Another error that the printer reports of itself, such as a jam."""
    TICKET_PRESENT = "ticket_present"
    """The last ticket is still in the mouth of a kiosk module."""
    OFFLINE = "offline"
    """Unplugged, switched off, or not reachable."""
    WRONG_BAUD = "wrong_baud"
    """Bytes come back, and none of them makes sense: the line's speed is another."""
    UNKNOWN = "unknown"

    @property
    def well(self) -> bool:
        """Return whether the printer itself says that it prints."""
        return self in _WELL

    @property
    def stopped(self) -> bool:
        """Return whether the printer says that it waits for a person, or to cool down."""
        return self in _STOPPED

    @property
    def can_print(self) -> bool:
        """Return whether a ticket is worth sending."""
        return self.well or self is PrinterState.UNKNOWN


_WELL = frozenset({PrinterState.READY, PrinterState.PAPER_LOW, PrinterState.TICKET_PRESENT})
_STOPPED = frozenset(
    {
        PrinterState.PAPER_OUT,
        PrinterState.COVER_OPEN,
        PrinterState.CUTTER_ERROR,
        PrinterState.OVERHEATED,
        PrinterState.FAULT,
    }
)


class UnitState(StrEnum):
    """What is known of a unit; silence is `unknown`, never `ready`."""

    UNKNOWN = "unknown"
    """Its line is open; nothing was heard of it yet."""
    READY = "ready"
    SILENT = "silent"
    """Its line is open, but it does not answer, or says that it is gone."""
    OFFLINE = "offline"
    """Its line or its cable is gone."""
    SHARED = "shared"
    """Its keys also reach other programs, so it is not listened to."""
    FAULT = "fault"
    """An error of ours keeps us from hearing it; the log has it."""


class SoundState(StrEnum):
    """Whether a loudspeaker is heard."""

    UNKNOWN = "unknown"
    OK = "ok"
    NONE = "none"
    FAULT = "fault"
    """An error of ours; the log has it."""


class VoiceState(StrEnum):
    """With which voice it speaks."""

    PACK = "pack"
    ESPEAK = "espeak"
    NONE = "none"


class StoreState(StrEnum):
    """Whether the service can store anything."""

    OK = "ok"
    FAILED = "failed"


class CopyState(StrEnum):
    """Whether a second database keeps what the service stores, where one is wanted."""

    MISSING = "missing"
    """None does: nothing is taken until one does, or a person accepts that none will."""
    WAIVED = "waived"
    """A person has accepted that none does for now."""


class SignState(StrEnum):
    """What is known of a sign; one that cannot answer is `unknown`, never "ok"."""

    OK = "ok"
    DEAD = "dead"
    REFUSED = "refused"
    """It answers, but not to what the settings ask of it."""
    FAULT = "fault"
    """An error of ours keeps us from writing it; the log has it."""
    UNKNOWN = "unknown"
