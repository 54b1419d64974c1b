import csv
import io
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config import load_centre
from hall.procedures import Document, publish, read_published
from hall.procedures.table import COLUMNS, MOST_PROBLEMS, TableError, date_of, read_csv, read_table
from hall.words import Words

CENTRE, T = load_centre(), Words("vi")
HEAD = [column.label for column in COLUMNS]


def row(**cells: str) -> list[str]:
    return [cells.get(column.key, "") for column in COLUMNS]


def read(*rows: list[str], head: list[str] = HEAD) -> tuple[Document, list[tuple[int, str, str]]]:
    document, problems = read_table(enumerate([head, *rows], start=1), CENTRE)
    return document, [(each.row, each.column, each.said(T)) for each in problems]


WHOLE = row(
    service="hộ tịch", name="Đăng ký khai sinh", name_en="Birth registration", who="Cha hoặc mẹ",
    papers="- Tờ khai\n2. Giấy chứng sinh", papers_en="Form\nNotice of birth", fee="Miễn",
    fee_source="Luật Hộ tịch 2014, Điều 11", fee_date="20/11/2014", days="Trong ngày",
    online="https://dichvucong.gov.vn",
)  # fmt: skip


def test_a_table_becomes_a_document() -> None:
    document, problems = read(WHOLE)
    assert not problems
    (found,) = document.procedures
    assert (found.key, found.service) == ("civil-dang-ky-khai-sinh", "CIVIL")
    assert [paper.vi for paper in found.papers] == ["Tờ khai", "Giấy chứng sinh"]
    assert found.papers[1]("en") == "Notice of birth"
    assert found.fee
    assert found.fee.date.isoformat() == "2014-11-20"


def test_heads_may_be_english_or_keys_in_any_order_and_without_accents() -> None:
    document, problems = read(
        ["Khai sinh", "CIVIL", "Birth"], head=["PROCEDURE *", "linh vuc", "name_en"]
    )
    assert not problems
    assert document.procedures[0].name.vi == "Khai sinh"


@pytest.mark.parametrize(
    ("cells", "column", "said"),
    [
        ({"service": "Hải quan"}, "Lĩnh vực", "Hải quan"),
        ({"service": ""}, "Lĩnh vực", "để trống"),
        ({"name": ""}, "Tên thủ tục", "để trống"),
        ({"name": "x" * 161}, "Tên thủ tục", "160"),
        ({"fee": "8.000 đồng", "fee_source": "", "fee_date": "1/1/2024"}, "Căn cứ lệ phí", "đủ ba"),
        ({"fee_date": ""}, "Ngày của căn cứ", "đủ ba"),
        ({"fee": ""}, "Lệ phí", "đủ ba"),
        ({"fee_date": "31/02/2024"}, "Ngày của căn cứ", "31/02/2024"),
        ({"fee_date": "1/1/1900"}, "Ngày của căn cứ", "1945"),
        ({"online": "dichvucong.gov.vn"}, "Nộp trực tuyến", "https://"),
        ({"who": "=1+1"}, "Ai nộp", "công thức"),
        ({"days": "", "days_en": "One day"}, "Thời hạn", "thiếu tiếng Việt"),
        ({"papers_en": "Form"}, "Giấy tờ, tiếng Anh", "phải bằng nhau"),
        ({"papers": "\n".join("abcdefghijklmnopqrstu"), "papers_en": ""}, "Giấy tờ cần", "20"),
        ({"papers": "x" * 301, "papers_en": ""}, "Giấy tờ cần", "300"),
    ],
    ids=str,
)
def test_every_problem_names_its_row_and_column(
    cells: dict[str, str], column: str, said: str
) -> None:
    wrong = row(**(dict(zip((c.key for c in COLUMNS), WHOLE, strict=True)) | cells))
    document, problems = read(row(service="CERT", name="Sao y"), wrong)
    assert not document.procedures
    assert [(3, column)] == [problem[:2] for problem in problems]
    assert said in problems[0][2]


def test_all_problems_are_named_at_once_and_a_repeated_name_names_the_first() -> None:
    _, problems = read(WHOLE, row(service="X", online="y"), WHOLE)
    assert [problem[:2] for problem in problems] == [
        (3, "Tên thủ tục"), (3, "Lĩnh vực"), (3, "Nộp trực tuyến"), (4, "Tên thủ tục"),
    ]  # fmt: skip
    assert "dòng 2" in problems[-1][2]


def test_columns_that_are_missing_unknown_or_twice_are_named() -> None:
    _, problems = read(["x"] * 3, head=["Lĩnh vực", "Lĩnh vực", "Giá"])
    assert [problem[:2] for problem in problems] == [
        (1, "Lĩnh vực"), (1, "Giá"), (1, "Tên thủ tục"), (2, "Lĩnh vực"),
    ]  # fmt: skip


@pytest.mark.parametrize("rows", [[], [[]], [[""] * 5], [HEAD]], ids=str)
def test_an_empty_table_is_a_problem(rows: list[list[str]]) -> None:
    _, problems = read_table(enumerate(rows, start=1), CENTRE)
    assert len(problems) == 1


def test_more_procedures_than_fit_are_refused_with_bounded_words() -> None:
    many = [row(service="CERT", name=f"Việc {number}") for number in range(601)]
    _, problems = read(*many)
    assert [problem[0] for problem in problems] == [602]
    assert len(read(*([["?"]] * 600))[1]) == MOST_PROBLEMS


def test_csv_comes_with_commas_semicolons_or_tabs_and_says_when_it_is_no_text() -> None:
    for delimiter in ",;\t":
        text = io.StringIO()
        csv.writer(text, delimiter=delimiter).writerows([HEAD, WHOLE])
        for codec in ("utf-8-sig", "utf-16"):
            rows = read_csv(text.getvalue().encode(codec))
            assert read_table(rows, CENTRE)[0].procedures
    for wrong in ("Lĩnh vực".encode("cp1258", "replace") + b"\xe2", b'a,"b\n', b'"x"y'):
        with pytest.raises(TableError):
            read_csv(wrong)


def test_dates_are_read_as_people_write_them() -> None:
    assert str(date_of("1.2.2024")) == str(date_of("2024-02-01")) == "2024-02-01"
    for wrong in ("29/2/2025", "2024", "٣/٣/2024", "1/1/24", ""):
        assert date_of(wrong) is None


ANYTHING = st.text(st.characters(), max_size=40) | st.sampled_from(
    ["CERT", "Hộ tịch", "1/1/2024", "=A1", "https://a.vn", "x" * 400, "a\nb", "\u202e", "\ud800"]
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(ANYTHING, max_size=len(HEAD) + 1), max_size=5), st.permutations(HEAD))
def test_whatever_a_table_holds_it_becomes_a_document_or_problems_with_places(
    rows: list[list[str]], head: list[str]
) -> None:
    document, problems = read_table(enumerate([head, *rows], start=1), CENTRE)
    for problem in problems:
        assert 0 <= problem.row <= len(rows) + 1
        assert problem.said(T)
    if not problems:
        published = publish(document)
        assert read_published(published.body, published.sha256).document == published.document
        assert {each.service for each in document.procedures} <= {s.code for s in CENTRE.services}


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=200))
def test_whatever_a_csv_file_holds_it_is_rows_or_one_problem(content: bytes) -> None:
    with suppress(TableError):
        read_table(read_csv(content), CENTRE)
