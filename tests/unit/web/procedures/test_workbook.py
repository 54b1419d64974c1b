import datetime as dt
import io
import random
import zipfile
from collections.abc import Callable

import pytest
import xlsxwriter
from openpyxl import Workbook

from hall.procedures import Document
from hall.procedures.table import TableError
from hall.words import Words
from web.procedures.workbook import make_xlsx, read_xlsx

T = Words("vi")


def workbook(*rows: list[object]) -> bytes:
    book, file = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(file)
    return file.getvalue()


def with_part(content: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """Return a workbook of which one part is another, or one more."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w", 8) as new:
        for each in old.namelist():
            new.writestr(each, change(old.read(each)) if each == name else old.read(each))
        if name not in old.namelist():
            new.writestr(name, change(b""))
    return file.getvalue()


def refused(content: bytes) -> str:
    with pytest.raises(TableError) as raised:
        read_xlsx(content)
    return raised.value.problem.said(T)


def test_cells_are_read_as_text_and_dates_as_days() -> None:
    rows = read_xlsx(workbook(["Lệ phí", None], [8000, 2.5], [dt.datetime(2024, 2, 1), True]))  # noqa: DTZ001 - a workbook's
    assert rows == [(1, ["Lệ phí"]), (2, ["8000", "2.5"]), (3, ["2024-02-01", "True"])]


def test_a_formula_stays_one_so_that_the_table_refuses_it() -> None:
    assert read_xlsx(workbook(["=1+1", "x"]))[0][1][0] == "=1+1"


def test_what_is_made_to_fill_in_has_no_macros_and_is_read_back() -> None:
    rows = read_xlsx(make_xlsx(Document(), {}, T))
    assert rows[0][1][:2] == ["Lĩnh vực *", "Tên thủ tục *"]


def test_more_than_a_list_can_be_is_not_unpacked() -> None:
    bomb = with_part(workbook(["x"]), "xl/media/a.bin", lambda _: bytes(25 * 1024 * 1024))
    assert len(bomb) < 100_000
    assert "quá lớn" in refused(bomb)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as many:
        for each in range(201):
            many.writestr(f"{each}.xml", "<a/>")
    assert "quá lớn" in refused(file.getvalue())


@pytest.mark.parametrize("part", ["xl/vbaProject.bin", "xl/embeddings/a.bin", "xl/ActiveX/a.xml"])
def test_macros_and_embedded_objects_are_refused(part: str) -> None:
    assert "macro" in refused(with_part(workbook(["x"]), part, lambda _: b"x"))


@pytest.mark.parametrize(
    "declared",
    [b'<!DOCTYPE a [<!ENTITY b "c">]>', "<!DOCTYPE a>".encode("utf-16")],
    ids=["utf-8", "utf-16"],
)
def test_xml_with_declarations_is_refused(declared: bytes) -> None:
    name = "xl/worksheets/sheet1.xml"
    assert "lành lặn" in refused(with_part(workbook(["x"]), name, lambda old: declared + old))


def test_a_sheet_that_says_it_is_huge_gives_no_more_rows_than_a_list_can_have() -> None:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "x")
        sheet.write(1_048_575, 16_383, "y")
    assert len(read_xlsx(file.getvalue())) < 700


def test_torn_files_are_a_problem_and_nothing_else() -> None:
    whole, rng = workbook(["Lĩnh vực", "Tên thủ tục"], ["CERT", "Sao y"]), random.Random(46)
    for _ in range(40):
        torn = bytearray(whole)
        for _ in range(rng.randint(1, 8)):
            torn[rng.randrange(len(torn))] = rng.randrange(256)
        torn = torn[: rng.randint(1, len(torn))] if rng.random() < 0.3 else torn
        try:
            read_xlsx(bytes(torn))
        except TableError as error:
            assert error.problem.said(T)  # noqa: PT017 - either is right
    refused(b"PK\x03\x04")
    refused(b"")
    no_sheet = with_part(whole, "xl/workbook.xml", lambda _: b"<workbook/>")
    refused(no_sheet)
