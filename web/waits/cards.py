"""The five figures of a period, beside the targets, the period before and the same of last year."""

from collections.abc import Iterator
from dataclasses import dataclass

from config.settings.centre import Targets
from hall.words import Words
from wait_log.figures import Comparison, Figures, Tally
from web.export.measures import ABSENT_SHARE, MEAN, P90, WITHIN_15, Kind, Measure, percent
from web.waits.query import short_days

_MINUTE_S = 60
_SMALLEST_SHARE = 0.0005


@dataclass(frozen=True, slots=True)
class Remark:
    """What is said below a figure; its `mark` is shown as a sign, and stands in the words too."""

    mark: str
    words: str


@dataclass(frozen=True, slots=True)
class Card:
    """One figure of the period."""

    label: str
    value: str
    remarks: tuple[Remark, ...]


def cards(figures: Figures, targets: Targets, t: Words) -> tuple[Card, ...]:
    """Return the five figures."""
    tally = figures.tally
    others = [
        (t("so với kỳ trước"), figures.before),
        (t("so với cùng kỳ năm trước"), figures.year_before),
    ]
    known = [(words, other.tally) for words, other in others if other and other.tally.issued]
    issued = [
        Remark("plain", said)
        for words, other in known
        if (said := _more_or_less(tally.issued, other.issued, words, t))
    ]
    waits = [
        Card(
            t(measure.label),
            t.minutes(measure.of(tally)),
            (*_against(measure.of(tally), targets, t), *_changes(measure, tally, known, t)),
        )
        for measure in (MEAN, P90)
    ]
    return (
        Card(t("Lượt giao dịch"), t.count(tally.issued), tuple(issued)),
        *waits,
        _share(WITHIN_15, t("Chờ trong 15 phút"), tally, known, t, less_is_better=False),
        _share(ABSENT_SHARE, t("Vắng mặt"), tally, known, t, less_is_better=True),
    )


def compared_words(figures: Figures, t: Words) -> str:
    """Return which periods this one is compared with."""
    named = (
        (t("Kỳ trước"), figures.before),
        (t("Cùng kỳ năm trước"), figures.year_before),
    )
    return " · ".join(f"{name}: {_known_of(other, t)}" for name, other in named)


def _known_of(other: Comparison | None, t: Words) -> str:
    if other is None or not other.tally.issued:
        return t("chưa có số liệu")
    days = short_days(other.period)
    return days if other.complete else t("{days}, nhật ký chưa đủ", days=days)


_Known = list[tuple[str, Tally]]


def _against(seconds: float | None, targets: Targets, t: Words) -> Iterator[Remark]:
    if seconds is None:
        return
    if seconds <= targets.target_min * _MINUTE_S:
        yield Remark("better", t("đạt mục tiêu {minutes} phút", minutes=targets.target_min))
        return
    passed = [limit for limit in (targets.warn_min, targets.breach_min) if seconds > limit * 60]
    limit = max([targets.target_min, *passed])
    yield Remark("worse", t("quá mức {minutes} phút", minutes=limit))


def _share(
    measure: Measure, label: str, tally: Tally, known: _Known, t: Words, *, less_is_better: bool
) -> Card:
    remarks = _changes(measure, tally, known, t, less_is_better=less_is_better)
    return Card(label, percent(measure.of(tally), t), tuple(remarks))


def _changes(
    measure: Measure, tally: Tally, known: _Known, t: Words, *, less_is_better: bool = True
) -> Iterator[Remark]:
    now = measure.of(tally)
    for words, other in known:
        was = measure.of(other)
        if now is None or was is None:
            continue
        difference = now - was
        said = _minutes(difference, t) if measure.kind is Kind.TIME else _points(difference, t)
        if not said:
            yield Remark("plain", t("không đổi {compared}", compared=words))
        elif (difference < 0) is less_is_better:
            yield Remark("better", t("{change} {compared}: tốt hơn", change=said, compared=words))
        else:
            yield Remark("worse", t("{change} {compared}: kém hơn", change=said, compared=words))


def _more_or_less(now: int, was: int, words: str, t: Words) -> str:
    share = round(100 * (now - was) / was)
    if not share:
        return t("không đổi {compared}", compared=words)
    change = _signed(t("{number} %", number=t.count(abs(share))), share)
    return t("{change} {compared}", change=change, compared=words)


def _minutes(seconds: float, t: Words) -> str:
    """Return a difference in minutes, empty when it is less than half of one."""
    minutes = int(abs(seconds) / _MINUTE_S + 0.5)
    return _signed(t("{count} phút", count=t.count(minutes)), seconds) if minutes else ""


def _points(share: float, t: Words) -> str:
    """Return a difference of shares in percentage points, empty when it is nearly nothing."""
    if abs(share) < _SMALLEST_SHARE:
        return ""
    return _signed(t("{number} điểm %", number=t.decimal(abs(100 * share))), share)


def _signed(words: str, sign: float) -> str:
    return f"+{words}" if sign > 0 else f"−{words}"
