"""From a table that somebody filled in to a document, or to all that is wrong with it."""

import csv
import datetime as dt
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from config.settings import Centre
from hall.procedures.alphabet import plain
from hall.procedures.document import (
    EARLIEST_SOURCE,
    LATEST_SOURCE,
    LONGEST,
    LONGEST_ADDRESS,
    LONGEST_NAME,
    MOST_PAPERS,
    MOST_PROCEDURES,
    Document,
    Fee,
    Phrase,
    Procedure,
    is_address,
)
from hall.words import N_, Words

MOST_COLUMNS = 40
MOST_PROBLEMS = 200
"""How many problems are named; whoever has more begins with these."""
_LONGEST_QUOTE = 60
_BULLET = re.compile(r"^\s*(?:[-–—•*+]|\d{1,2}[.)])\s+")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table, and what heads it."""

    key: str
    label: str
    english: str
    hint: str
    longest: int = LONGEST
    needed: bool = False

    @property
    def heads(self) -> frozenset[str]:
        """Return what may head it, as people type it."""
        return frozenset({plain(self.label), plain(self.english), self.key.replace("_", " ")})


_OPTIONAL = N_("Không bắt buộc.")
_SERVICE = N_("Tên hoặc mã lĩnh vực ở thẻ Lĩnh vực.")
_PAPERS = N_("Mỗi giấy tờ một dòng trong ô.")
_PAPERS_ENGLISH = N_("Đúng số dòng và thứ tự như tiếng Việt.")
_FEE = N_("Để trống khi chưa có căn cứ. Có lệ phí thì phải có căn cứ và ngày.")
_SOURCE = N_("Số, ký hiệu và điều của văn bản.")
_DATE = N_("Ngày ban hành văn bản, như 24/11/2026.")
_ONLINE = N_("Địa chỉ bắt đầu bằng https://.")
_MOST_TEXT = LONGEST * MOST_PAPERS


def _column(key: str, label: str, english: str, hint: str, longest: int = LONGEST) -> Column:
    return Column(key, label, english, hint, longest, needed=key in ("service", "name"))


COLUMNS = (
    _column("service", N_("Lĩnh vực"), "Service", _SERVICE, 60),
    _column("name", N_("Tên thủ tục"), "Procedure", N_("Như người dân gọi."), LONGEST_NAME),
    _column("name_en", N_("Tên tiếng Anh"), "Procedure in English", _OPTIONAL, LONGEST_NAME),
    _column("who", N_("Ai nộp"), "Who applies", _OPTIONAL),
    _column("who_en", N_("Ai nộp, tiếng Anh"), "Who applies in English", _OPTIONAL),
    _column("papers", N_("Giấy tờ cần"), "Papers", _PAPERS, _MOST_TEXT),
    _column(
        "papers_en", N_("Giấy tờ, tiếng Anh"), "Papers in English", _PAPERS_ENGLISH, _MOST_TEXT
    ),
    _column("fee", N_("Lệ phí"), "Fee", _FEE),
    _column("fee_en", N_("Lệ phí, tiếng Anh"), "Fee in English", _OPTIONAL),
    _column("fee_source", N_("Căn cứ lệ phí"), "Legal source of the fee", _SOURCE),
    _column("fee_source_en", N_("Căn cứ, tiếng Anh"), "Legal source in English", _OPTIONAL),
    _column("fee_date", N_("Ngày của căn cứ"), "Date of the legal source", _DATE, 40),
    _column("days", N_("Thời hạn"), "Time it takes", _OPTIONAL),
    _column("days_en", N_("Thời hạn, tiếng Anh"), "Time it takes in English", _OPTIONAL),
    _column("online", N_("Nộp trực tuyến"), "Online", _ONLINE, LONGEST_ADDRESS),
)
_BY_KEY = {column.key: column for column in COLUMNS}


@dataclass(frozen=True, slots=True)
class Problem:
    """What has to be put right, and where: the row as the spreadsheet counts it."""

    row: int
    """0 for the file as a whole."""
    column: str
    """The label of the column, or what heads it in the file; empty for the row as a whole."""
    message: str
    values: Mapping[str, object] = field(default_factory=dict)

    def said(self, t: Words) -> str:
        """Return what is wrong, in words."""
        return t(self.message, **self.values)

    def place(self, t: Words) -> str:
        """Return where it is, in words; empty for the file as a whole."""
        if not self.row:
            return ""
        if not self.column:
            return t("Dòng {row}", row=self.row)
        label = t(self.column) if self.column in _LABELS else self.column
        return t("Dòng {row}, cột “{column}”", row=self.row, column=label)


_LABELS = frozenset(column.label for column in COLUMNS)
Rows = Iterable[tuple[int, Sequence[str]]]
"""The rows of a table as text, each with its number in the spreadsheet."""


class TableError(Exception):
    """A file is no table at all; `problem` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def read_csv(content: bytes, most_rows: int = MOST_PROCEDURES + 2) -> list[tuple[int, list[str]]]:
    """Return the first rows of a CSV file in UTF-8 or UTF-16; raises TableError."""
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        text = content.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        message = N_("Tệp không phải UTF-8. Mời lưu lại dạng “CSV UTF-8”, hoặc tải lên tệp XLSX.")
        raise TableError(Problem(0, "", message)) from error
    head = text.partition("\n")[0]
    delimiter = max(",;\t", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[tuple[int, list[str]]] = []
    try:
        # A cell may hold several lines, so rows are counted, not lines: as a spreadsheet does.
        rows.extend(enumerate(islice(reader, most_rows), start=1))
    except csv.Error as error:
        message = N_(
            "Không đọc được tệp CSV từ dòng này: có dấu ngoặc kép chưa đóng hoặc ô quá dài."
        )
        raise TableError(Problem(len(rows) + 1, "", message)) from error
    return rows


def read_table(rows: Rows, centre: Centre) -> tuple[Document, list[Problem]]:
    """Return the document of a table, and every problem; with any, the document is not whole."""
    reading = _Reading(_services(centre))
    procedures = list(reading.procedures(rows))
    problems = sorted(reading.problems[:MOST_PROBLEMS], key=lambda problem: problem.row)
    if problems:
        return Document(), problems
    return Document(procedures=tuple(procedures)), []


def _services(centre: Centre) -> dict[str, str]:
    """Return the codes of the services by all that a person may call them."""
    found: dict[str, str] = {}
    for service in centre.services:
        for name in (service.name.en, service.name.vi, service.code):
            found[plain(name)] = service.code
    return found


class _Reading:
    """One table that is read; it goes on after a problem, to name them all at once."""

    def __init__(self, services: Mapping[str, str]) -> None:
        self.problems: list[Problem] = []
        self._services = services
        self._keys: dict[str, int] = {}
        self._headed: set[int] = set()
        self._row = 0

    def procedures(self, rows: Rows) -> Iterator[Procedure]:
        """Yield what the rows say."""
        columns: dict[int, str] | None = None
        count = 0
        for number, cells in rows:
            self._row = number
            if not any(cell.strip() for cell in cells):
                continue
            if columns is None:
                columns = self._columns(cells)
                continue
            count += 1
            if count > MOST_PROCEDURES:
                self._say("", N_("Nhiều nhất {most} thủ tục."), most=MOST_PROCEDURES)
                return
            if found := self._procedure(columns, cells):
                yield found
        if columns is None:
            self._row = 0
            self._say("", N_("Tệp trống: không có dòng tiêu đề."))
        elif not count:
            self._say("", N_("Không có thủ tục nào dưới dòng tiêu đề."))

    def _columns(self, cells: Sequence[str]) -> dict[int, str]:
        found: dict[int, str] = {}
        for place, cell in enumerate(cells):
            head = plain(cell).replace("_", " ").removesuffix("*").strip()
            if not head:
                continue
            self._headed.add(place)
            column = next((each for each in COLUMNS if head in each.heads), None)
            if column is None:
                self._say(_quoted(cell), N_("Không có cột này trong tệp mẫu."))
            elif column.key in found.values():
                self._say(column.label, N_("Cột này có hai lần."))
            else:
                found[place] = column.key
        for column in COLUMNS:
            if column.needed and column.key not in found.values():
                self._say(column.label, N_("Thiếu cột này."))
        return found

    def _procedure(self, columns: Mapping[int, str], cells: Sequence[str]) -> Procedure | None:
        before = len(self.problems)
        said = {
            key: self._text(key, cells[place] if place < len(cells) else "")
            for place, key in columns.items()
        }
        if any(cell.strip() for at, cell in enumerate(cells) if at not in self._headed):
            self._say("", N_("Có ô chữ ở ngoài các cột có tiêu đề."))
        for place, key in columns.items():
            if _BY_KEY[key].needed and not "".join(cells[place : place + 1]).strip():
                self._say(_BY_KEY[key].label, N_("Ô này không được để trống."))
        service = self._service(said.get("service", ""))
        papers, fee = self._papers(said), self._fee(said)
        if (online := said.get("online", "")) and not is_address(online):
            self._say(
                _BY_KEY["online"].label, N_("Địa chỉ phải bắt đầu bằng https:// và có tên máy chủ.")
            )
        key = self._key(service, said.get("name", "")) if service and said.get("name") else ""
        who, days = self._phrase(said, "who"), self._phrase(said, "days")
        name = self._phrase(said, "name")
        if len(self.problems) > before or name is None or not key:
            return None
        return Procedure(
            key=key, service=service, name=name, who=who, papers=papers, fee=fee, days=days,
            online=online,
        )  # fmt: skip

    def _text(self, key: str, cell: str) -> str:
        """Return a cell on one line, papers on theirs; characters that show nothing are dropped."""
        column = _BY_KEY[key]
        lines = [
            " ".join(_shown(line).split()) for line in re.split(r"[\r\n\u2028\x0b\x0c]+", cell)
        ]
        text = "\n".join(line for line in lines if line)
        if not key.startswith("papers"):
            text = text.replace("\n", " ")
        if text.startswith("="):
            self._say(column.label, N_("Ô này là công thức. Mời dán giá trị, không dán công thức."))
            return ""
        if len(text) > column.longest:
            self._say(
                column.label,
                N_("Nhiều nhất {most} ký tự, ô này có {count}."),
                most=column.longest,
                count=len(text),
            )
            return ""
        return text

    def _service(self, text: str) -> str:
        code = self._services.get(plain(text), "") if text else ""
        if text and not code:
            self._say(
                _BY_KEY["service"].label,
                N_("Trung tâm không có lĩnh vực “{text}”."),
                text=_quoted(text),
            )
        return code

    def _key(self, service: str, name: str) -> str:
        key = re.sub(r"[^a-z0-9]+", "-", plain(f"{service} {name}")).strip("-")
        if first := self._keys.get(key):
            self._say(_BY_KEY["name"].label, N_("Trùng với thủ tục ở dòng {row}."), row=first)
        self._keys.setdefault(key, self._row)
        return key

    def _papers(self, said: Mapping[str, str]) -> tuple[Phrase, ...]:
        vietnamese, english = _lines(said.get("papers", "")), _lines(said.get("papers_en", ""))
        label = _BY_KEY["papers"].label
        if len(vietnamese) > MOST_PAPERS:
            self._say(label, N_("Nhiều nhất {most} giấy tờ."), most=MOST_PAPERS)
        if any(len(line) > LONGEST for line in (*vietnamese, *english)):
            self._say(label, N_("Mỗi giấy tờ nhiều nhất {most} ký tự."), most=LONGEST)
        if english and len(english) != len(vietnamese):
            message = N_("Tiếng Anh có {there} dòng, tiếng Việt có {wanted}: phải bằng nhau.")
            counts = {"there": len(english), "wanted": len(vietnamese)}
            self._say(_BY_KEY["papers_en"].label, message, **counts)
        if any(len(line) > LONGEST for line in (*vietnamese, *english)):
            return ()
        english = english if len(english) == len(vietnamese) else [""] * len(vietnamese)
        return tuple(Phrase(vi, en) for vi, en in zip(vietnamese, english, strict=True))

    def _phrase(self, said: Mapping[str, str], key: str) -> Phrase | None:
        vietnamese, english = said.get(key, ""), said.get(f"{key}_en", "")
        if english and not vietnamese and key != "name":
            self._say(_BY_KEY[key].label, N_("Có tiếng Anh mà thiếu tiếng Việt."))
        return Phrase(vietnamese, english) if vietnamese else None

    def _fee(self, said: Mapping[str, str]) -> Fee | None:
        amount, source = self._phrase(said, "fee"), self._phrase(said, "fee_source")
        date = said.get("fee_date", "")
        if not (amount or source or date):
            return None
        parts = {"fee": amount, "fee_source": source, "fee_date": date}
        for key in (key for key, part in parts.items() if not part):
            message = N_(
                "Lệ phí phải có đủ ba ô: lệ phí, căn cứ, ngày của căn cứ. Ô này còn trống."
            )
            self._say(_BY_KEY[key].label, message)
        day = self._date(date) if date else None
        return Fee(amount=amount, source=source, date=day) if amount and source and day else None

    def _date(self, text: str) -> dt.date | None:
        label = _BY_KEY["fee_date"].label
        day = date_of(text)
        if day is None:
            self._say(
                label,
                N_("“{text}” không phải một ngày có thật, như 24/11/2026."),
                text=_quoted(text),
            )
        elif not EARLIEST_SOURCE <= day < LATEST_SOURCE:
            self._say(label, N_("Ngày của văn bản phải từ 02/09/1945 đến trước năm 2100."))
            day = None
        return day

    def _say(self, column: str, message: str, **values: object) -> None:
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(Problem(self._row, column, message, values))


def date_of(text: str) -> dt.date | None:
    """Return the day of `24/11/2026` or `2026-11-24`, None when there is no such day."""
    if local := re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", text, re.ASCII):
        day, month, year = map(int, local.groups())
    elif whole := re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", text, re.ASCII):
        year, month, day = map(int, whole.groups())
    else:
        return None
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _lines(text: str) -> list[str]:
    lines = (_BULLET.sub("", line).strip() for line in text.split("\n"))
    return [line for line in lines if line]


def _shown(line: str) -> str:
    """Return a line without what nobody sees: zero widths, marks of direction, controls."""
    return "".join(letter if letter.isprintable() else " " for letter in line.replace("\u200b", ""))


def _quoted(text: str) -> str:
    text = " ".join(_shown(text).split())
    return text if len(text) <= _LONGEST_QUOTE else f"{text[:_LONGEST_QUOTE]}…"
