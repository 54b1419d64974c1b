"""Make the report of a period: figures in, everything that stands on paper out."""

from config import Centre
from wait_log.figures import Figures
from wait_log.periods import Period
from web.export.satisfaction import Satisfaction
from web.report import decree, sentences, tables
from web.report.document import Letterhead, Report, Wording
from web.report.settings import (
    ReportSettings,
    addressees,
    letterhead,
    recipients,
    signatory,
)

_LIMITS_MIN = (15, 20)
"""The limits of which the figures know the share."""


def make_report(
    figures: Figures,
    centre: Centre,
    settings: ReportSettings,
    opinion: Satisfaction | None = None,
) -> Report:
    """Return the report of the figures' period with its ready sentences."""
    head = letterhead(settings, centre)
    period = figures.selection.period
    return Report(
        first=period.first,
        last=period.last,
        wording=_wording(figures, centre, settings, head, opinion),
        services=tables.services_table(figures, centre),
        hours=tables.hours_chart(figures, centre),
        weeks=tables.spans_table(figures, centre),
        annex=tables.annex_tables(figures, centre, opinion),
        notes=tuple(sentences.notes(figures, centre)),
    )


def period_words(period: Period) -> str:
    """Return a period within a title."""
    first, last = period.first, period.last
    end = decree.day_words(last.day, last.month, last.year)
    if period.days == 1:
        return end
    begin = decree.day_words(first.day, first.month, first.year)
    if first.year == last.year:
        begin = begin.removesuffix(f" năm {first.year}")
    return f"từ {begin} đến {end}"


def _wording(
    figures: Figures,
    centre: Centre,
    settings: ReportSettings,
    head: Letterhead,
    opinion: Satisfaction | None,
) -> Wording:
    name = centre.identity.name("vi")
    to = addressees(settings, centre)
    return Wording(
        letterhead=head,
        subject=(
            f"Thời gian chờ của công dân tại {name}\n{period_words(figures.selection.period)}"
        ),
        addressees=to,
        opening=settings.opening
        or (
            f"Thực hiện chế độ báo cáo định kỳ, {head.issuer} báo cáo tình hình thời gian chờ của "
            "công dân như sau (số liệu tính theo lượt giao dịch tại hệ thống lấy số, không phải "
            "số hồ sơ):"
        ),
        results=sentences.results(figures, "Trung tâm", _goal(centre, settings)),
        peaks=sentences.peaks(figures, centre),
        groups=_with_annex(sentences.groups(figures, centre, opinion)),
        causes=sentences.causes(figures, centre.identity.zone),
        proposals=settings.proposals or sentences.proposals(figures, centre),
        closing=settings.closing
        or f"Trên đây là báo cáo của {head.issuer}, kính trình {to[0]} xem xét, chỉ đạo./.",
        recipients=recipients(settings),
        signatory=signatory(settings),
    )


def _with_annex(text: str) -> str:
    return f"{text} Số liệu chi tiết nêu tại Phụ lục kèm theo.".strip()


def _goal(centre: Centre, settings: ReportSettings) -> tuple[int, int] | None:
    target = centre.targets.target_min
    known = settings.goal_percent and target in _LIMITS_MIN
    return (target, settings.goal_percent) if known else None
