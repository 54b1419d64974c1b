"""What stands where in a report, for the file and for the preview alike."""

from collections.abc import Iterator
from dataclasses import dataclass

from web.report import decree
from web.report.document import Chart, Report, Table, Wording, paragraphs

KIND = "BÁO CÁO"
ANNEX = "Phụ lục"
ANNEX_TITLE = "TÌNH HÌNH TIẾP CÔNG DÂN"
RECIPIENTS = "Nơi nhận:"
_ADDRESSEES = "Kính gửi:"
_NUMERALS = ("I", "II", "III", "IV")
_RESULTS = "KẾT QUẢ TRONG KỲ"
_CAUSES = "NGUYÊN NHÂN ẢNH HƯỞNG ĐẾN THỜI GIAN CHỜ"
_PROPOSALS = "ĐỀ XUẤT"


@dataclass(frozen=True, slots=True)
class Heading:
    """The heading of a part."""

    text: str


@dataclass(frozen=True, slots=True)
class Prose:
    """Paragraphs of text."""

    paragraphs: tuple[str, ...]


Block = Heading | Prose | Table | Chart


def flow(report: Report) -> Iterator[Block]:
    """Yield what stands between "Kính gửi" and the signature, in order; parts are numbered."""
    wording = report.wording
    yield from _prose(wording.opening)
    numerals = iter(_NUMERALS)
    yield Heading(f"{next(numerals)}. {_RESULTS}")
    yield from _prose(wording.results)
    yield report.services
    if report.hours:
        yield report.hours
    yield from _prose("\n".join((wording.peaks, wording.groups, *report.notes)))
    causes: list[Block] = [*_prose(wording.causes)]
    if report.weeks:
        causes.append(report.weeks)
    if causes:
        yield Heading(f"{next(numerals)}. {_CAUSES}")
        yield from causes
    if paragraphs(wording.proposals):
        yield Heading(f"{next(numerals)}. {_PROPOSALS}")
        yield from _prose(wording.proposals)
    yield from _prose(wording.closing)


def number_line(wording: Wording) -> str:
    """Return such as "Số: 05/BC-UBND"; the number is dotted until it is typed."""
    return f"Số: {_number(wording)}/{wording.letterhead.code}"


def date_line(wording: Wording) -> str:
    """Return place and date; the date is dotted until it is typed."""
    return f"{wording.letterhead.place}, {_day(wording)}"


def annex_reference(wording: Wording) -> str:
    """Return which report the annex belongs to."""
    number = f"{_number(wording)}/{wording.letterhead.code}"
    return f"(Kèm theo Báo cáo số {number} {_day(wording)} của {wording.letterhead.issuer})"


def addressee_lines(wording: Wording) -> list[str]:
    """Return "Kính gửi: A", or "Kính gửi:" and each addressee on a line of its own."""
    if not wording.addressees:
        return []
    if len(wording.addressees) == 1:
        return [f"{_ADDRESSEES} {_bare(wording.addressees[0])}"]
    return [_ADDRESSEES, *_listed(wording.addressees)]


def recipient_lines(wording: Wording) -> list[str]:
    """Return who receives the report, each with a dash and its mark."""
    return _listed(wording.recipients)


def signature_lines(wording: Wording) -> list[str]:
    """Return on whose behalf and in which office the report is signed."""
    signatory = wording.signatory
    return [line.upper() for line in (signatory.authority, signatory.office) if line]


def body_lines(wording: Wording) -> list[str]:
    """Return the issuing body's name as it is broken in the letterhead."""
    return decree.balanced(
        wording.letterhead.body.upper(), decree.BODY_NAME_PT, decree.LEFT_COLUMN_MM - 2
    )


def _prose(text: str) -> Iterator[Prose]:
    found = paragraphs(text)
    if found:
        yield Prose(tuple(found))


def _number(wording: Wording) -> str:
    return decree.numeral(wording.number) or decree.DOTS


def _day(wording: Wording) -> str:
    day = wording.signed_on
    return decree.day_words(day.day, day.month, day.year) if day else decree.NO_DAY


def _listed(lines: tuple[str, ...]) -> list[str]:
    bare = [_bare(line) for line in lines]
    marks = [";"] * (len(bare) - 1) + ["."]
    return [f"- {line}{mark}" for line, mark in zip(bare, marks, strict=True)] if bare else []


def _bare(line: str) -> str:
    return line.strip().removeprefix("-").rstrip(" ;.").strip()
