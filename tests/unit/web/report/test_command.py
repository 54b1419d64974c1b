"""`denluot report`: a file of a period, made beside a running centre or without any data."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from docx import Document

from config import CLOCK_VARIABLE
from provisioning.site_db import open_site_db
from web.report.__main__ import main
from web.report.document import Signatory
from web.report.drafts import Author, Drafts
from web.report.settings import ReportSettings


@pytest.fixture(autouse=True)
def november(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(CLOCK_VARIABLE, "2026-11-23T08:24:00+07:00@0.0@0.000001")
    monkeypatch.setenv("LANG", "vi_VN.UTF-8")
    for name in ("LC_ALL", "LC_MESSAGES", "DENLUOT_STORE"):
        monkeypatch.delenv(name, raising=False)


def texts(path: Path) -> list[str]:
    return [one.text for one in Document(io.BytesIO(path.read_bytes())).paragraphs]


def test_without_data_it_makes_the_empty_form(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "thang.docx"
    assert main(["--output", str(output), "--data", str(tmp_path / "none")]) == 0
    said = capsys.readouterr()
    assert said.out == f"{output}: 2026-10-15 – 2026-11-14, 0 lượt giao dịch\n"
    assert "Chưa có số liệu" in said.err
    assert any("không ghi nhận lượt giao dịch nào" in text for text in texts(output))
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("kind", ["docx", "xlsx", "csv"])
def test_the_kind_is_that_of_the_name_unless_it_is_said(tmp_path: Path, kind: str) -> None:
    for arguments in (["--output", f"a.{kind}"], ["--output", "b", "--format", kind]):
        path = tmp_path / arguments[1]
        arguments[1] = str(path)
        assert main([*arguments, "--data", str(tmp_path)]) == 0
        if kind == "csv":
            assert path.read_bytes().startswith(b"\xef\xbb\xbf")
        elif kind == "xlsx":
            assert openpyxl.load_workbook(io.BytesIO(path.read_bytes())).worksheets
        else:
            assert "word/document.xml" in zipfile.ZipFile(path).namelist()


def test_it_overwrites_only_when_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    output = tmp_path / "thang.csv"
    output.write_text("mine")
    assert main(["--output", str(output), "--data", str(tmp_path)]) == 1
    assert output.read_text() == "mine"
    assert "--force" in capsys.readouterr().err
    assert main(["--output", str(output), "--data", str(tmp_path), "--force"]) == 0
    assert output.read_text("utf-8-sig") != "mine"


def test_a_folder_that_is_not_there_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--output", str(tmp_path / "no" / "a.csv"), "--data", str(tmp_path)]) == 1
    assert "Chưa lập được báo cáo" in capsys.readouterr().err


@pytest.mark.parametrize(
    "wrong",
    [
        ["--from", "2026-11-14"],
        ["--from", "2026-11-14", "--to", "2026-10-15"],
        ["--from", "x", "--to", "y"],
        ["--period", "fortnight"],
        ["--format", "odt"],
    ],
)
def test_wrong_arguments_leave_no_file(tmp_path: Path, wrong: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--output", str(tmp_path / "a.csv"), "--data", str(tmp_path), *wrong])
    assert ended.value.code == 2
    assert not (tmp_path / "a.csv").exists()


def test_a_name_without_a_known_ending_needs_a_format(tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--output", str(tmp_path / "a"), "--data", str(tmp_path)])
    assert ended.value.code == 2


def test_it_follows_what_is_settled_on_the_page(tmp_path: Path) -> None:
    db = open_site_db(tmp_path / "accounts.db")
    signatory = Signatory(office="Giám đốc", name="Lê Thị Đào")
    Drafts(db).settle(ReportSettings(signatories=(signatory,)), Author("a", ""), "signatories")
    db.close()
    output = tmp_path / "thang.docx"
    assert main(["--output", str(output), "--data", str(tmp_path)]) == 0
    document = Document(io.BytesIO(output.read_bytes()))
    assert "Lê Thị Đào" in [
        one.text
        for table in document.tables
        for cell in table.rows[0].cells
        for one in cell.paragraphs
    ]


def test_a_log_that_is_written_meanwhile_is_counted(
    tmp_path: Path, add_tickets: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    add_tickets({"wait_s": 300.0}, {"wait_s": 900.0}, {})
    output = tmp_path / "ngay.docx"
    day = ["--from", "2026-11-23", "--to", "2026-11-23"]
    assert main(["--output", str(output), "--data", str(tmp_path), *day]) == 0
    assert "3 lượt giao dịch" in capsys.readouterr().out
    (said,) = [text for text in texts(output) if text.startswith("Ngày 23/11/2026")]
    assert "đã tiếp 3 lượt giao dịch. Thời gian chờ bình quân là 10,0 phút" in said
    add_tickets({"wait_s": 300.0})
    assert main(["--output", str(output), "--data", str(tmp_path), *day, "--force"]) == 0
    assert "4 lượt giao dịch" in capsys.readouterr().out


def test_a_damaged_log_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "wait_log.db").write_bytes(b"not a database at all" * 100)
    assert main(["--output", str(tmp_path / "a.docx"), "--data", str(tmp_path)]) == 1
    assert "Chưa lập được báo cáo" in capsys.readouterr().err
