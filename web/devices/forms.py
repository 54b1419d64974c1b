"""What a manager types for boards and loudspeakers, read within bounds."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bus.vocabulary import LONGEST_UNTIL_DAYS
from hall.words import Words
from web.forms import Form

LONGEST_TEXT = 200
_READ = 2000
_USUAL = timedelta(hours=2)
_TYPED = "%Y-%m-%dT%H:%M"


@dataclass(frozen=True, slots=True)
class NoticeForm:
    """A text for the boards: as it was typed, and what is wrong with it at which field."""

    text: str = ""
    until: str = ""
    until_at: datetime | None = None
    wrong: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SpeechForm:
    """A text for the loudspeakers."""

    text: str = ""
    lang: str = "vi"
    device: str = ""
    wrong: dict[str, str] = field(default_factory=dict)


def empty_notice(now: datetime, zone: ZoneInfo) -> NoticeForm:
    """Return the form as it is first shown: two hours from now."""
    return NoticeForm(until=(now + _USUAL).astimezone(zone).strftime(_TYPED))


def read_notice(form: Form, now: datetime, zone: ZoneInfo, t: Words) -> NoticeForm:
    """Return a notice as it was typed."""
    wrong: dict[str, str] = {}
    text = _text(form, wrong, t)
    typed = form.text("until", 40)
    until = _instant(typed, zone)
    if until is None:
        wrong["until"] = t("Xin chọn ngày và giờ, ví dụ 26/11/2026 17:00.")
    elif until <= now:
        wrong["until"] = t("Giờ này đã qua. Xin chọn giờ muộn hơn.")
    elif until > now + timedelta(days=LONGEST_UNTIL_DAYS):
        wrong["until"] = t("Xin chọn trong vòng {days} ngày.", days=LONGEST_UNTIL_DAYS)
    return NoticeForm(text, typed, until, wrong)


def read_speech(form: Form, speakers: frozenset[str], t: Words) -> SpeechForm:
    """Return a text to be spoken as it was typed."""
    wrong: dict[str, str] = {}
    text = _text(form, wrong, t)
    lang, device = form.text("spoken_lang", 2), form.text("device", 40)
    if device and device not in speakers:
        wrong["device"] = t("Xin chọn một loa trong danh sách.")
    return SpeechForm(text, lang if lang in ("vi", "en") else "vi", device, wrong)


def _text(form: Form, wrong: dict[str, str], t: Words) -> str:
    typed = form.text("text", _READ)
    text = " ".join(typed.split())
    if not text:
        wrong["text"] = t("Xin nhập nội dung.")
    elif len(text) > LONGEST_TEXT:
        wrong["text"] = t(
            "Nhiều nhất {count} chữ cái; đang có {typed}.", count=LONGEST_TEXT, typed=len(text)
        )
    elif not text.isprintable():
        wrong["text"] = t("Có ký tự không hiện được. Xin gõ lại nội dung.")
    return text


def _instant(typed: str, zone: ZoneInfo) -> datetime | None:
    try:
        local = datetime.fromisoformat(typed)
        return (local if local.tzinfo else local.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
