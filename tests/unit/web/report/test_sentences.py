"""The ready sentences: from figures alone, in the ward's words."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from msgspec import structs

from config import Centre
from provisioning.ratings import Face
from wait_log.figures import (
    Comparison,
    Figures,
    HourFigures,
    MatterFigures,
    OutageFigures,
    OutageSpan,
    Times,
)
from wait_log.periods import Period
from web.export.satisfaction import Opinion, Satisfaction
from web.report import sentences
from web.report.document import Report, Table, decimal
from web.report.make import make_report, period_words
from web.report.settings import ReportSettings
from web.report.tables import annex_tables


def all_texts(report: Report) -> str:
    wording = report.wording
    tables = [report.services, *report.annex, *([report.weeks] if report.weeks else [])]
    cells = [cell for table in tables for row in table.rows for cell in row]
    heads = [column.head for table in tables for column in table.columns]
    notes = [table.footnote for table in tables]
    texts = [getattr(wording, name) for name in ("opening", "results", "peaks", "groups")]
    texts += [wording.causes, wording.proposals, wording.closing, wording.subject]
    return "\n".join([*texts, *cells, *heads, *notes])


def test_results_say_every_figure_in_its_words(figures: Figures) -> None:
    assert sentences.results(figures, "Trung tâm", (15, 80)) == (
        "Từ ngày 15/10/2026 đến ngày 14/11/2026 (22 ngày làm việc), Trung tâm đã tiếp 3.314 lượt "
        "giao dịch, bình quân 151 lượt một ngày, tăng 4 % so với kỳ trước. Thời gian chờ bình quân "
        "là 8,0 phút; một nửa số lượt chờ không quá 6,7 phút; 90 % số lượt chờ không quá 18,7 phút;"
        " 83 % số lượt chờ trong 15 phút, đạt mục tiêu 80 %. Có 128 lượt chờ quá 30 phút. "
        "Có 103 lượt vắng mặt khi được mời, chiếm 3,1 %."
    )


def test_a_goal_that_is_missed_is_said_to_be_missed(figures: Figures) -> None:
    assert "chưa đạt mục tiêu 84 %" in sentences.results(figures, "Trung tâm", (15, 84))
    assert "mục tiêu" not in sentences.results(figures, "Trung tâm", None)


def test_a_log_that_does_not_go_back_far_enough_is_named(figures: Figures) -> None:
    assert figures.before
    short = replace(figures, before=replace(figures.before, complete=False))
    assert "(nhật ký của kỳ trước không đầy đủ)" in sentences.results(short, "Trung tâm", None)


def test_last_year_is_a_paragraph_of_its_own(figures: Figures) -> None:
    assert figures.before
    year = Comparison(Period(date(2025, 10, 15), date(2025, 11, 14)), figures.before.tally, True)
    text = sentences.results(replace(figures, year_before=year), "Trung tâm", None)
    assert text.split("\n")[1].startswith("Cùng kỳ năm trước có 3.187 lượt giao dịch, chờ bình")


def test_a_month_without_tickets_says_so(no_figures: Figures, centre: Centre) -> None:
    report = make_report(no_figures, centre, ReportSettings())
    assert "không ghi nhận lượt giao dịch nào" in report.wording.results
    assert report.hours is None
    assert report.weeks is None
    assert report.wording.peaks == ""
    assert report.wording.proposals == ""
    assert len(report.services.rows) == len(centre.services) + 1
    assert report.services.rows[0][2:] == ("0", "–", "–", "–", "–", "–")


def test_peaks_name_hours_in_a_row_and_the_slowest_field(figures: Figures, centre: Centre) -> None:
    text = sentences.peaks(figures, centre)
    assert "từ 8 giờ đến 10 giờ, bình quân 20,8 phút" in text
    assert "nhất là thứ Hai từ 8 giờ đến 10 giờ, bình quân 24,0 phút" in text
    assert "Lĩnh vực có thời gian chờ dài nhất là Đất đai, bình quân 16,2 phút." in text


def test_a_peak_is_not_made_of_a_few_tickets(figures: Figures) -> None:
    few = [
        HourFigures(0, 8, 2, replace(cell.waits, count=2))
        for cell in figures.by_hour
        if (cell.weekday, cell.hour) == (0, 8)
    ]
    assert sentences.longest(few, 900, each_weekday=True) is None


def test_causes_come_from_recorded_outages_alone(figures: Figures, centre: Centre) -> None:
    zone = centre.identity.zone
    text = sentences.causes(figures, zone)
    assert "1 lần hệ thống chậm hoặc gián đoạn, tổng cộng 71 phút" in text
    assert "Cổng Dịch vụ công quốc gia 1 lần, 71 phút" in text
    assert "Ngày 29/10/2026 gián đoạn nhiều nhất: 71 phút" in text
    calm = replace(figures, outages=(), any_outage=OutageFigures("", 0, 0, 0, 0, 0))
    assert sentences.causes(calm, zone) == (
        "Trong kỳ không ghi nhận lần gián đoạn nào của các hệ thống."
    )


def test_outages_are_shared_out_between_local_days(figures: Figures, centre: Centre) -> None:
    begin = datetime(2026, 10, 29, 16, 30, tzinfo=UTC)  # half past eleven at night in the hall
    spans = (
        OutageSpan(begin, begin + timedelta(hours=1)),
        OutageSpan(begin, begin + timedelta(hours=5), doubtful=True),
        OutageSpan(begin + timedelta(days=2), None),
    )
    whole = replace(figures.any_outage, spans=spans)
    until = begin + timedelta(days=2, minutes=10)
    odd = replace(figures, any_outage=whole, until=until)
    assert sentences.minutes_by_day(odd, centre.identity.zone) == {
        date(2026, 10, 29): 30,
        date(2026, 10, 30): 30,
        date(2026, 10, 31): 10,
    }


def test_proposals_follow_the_figures(figures: Figures, centre: Centre) -> None:
    assert sentences.proposals(figures, centre) == (
        "1. Xem xét bố trí thêm người tiếp nhận lĩnh vực Đất đai, nhất là thứ Hai từ 8 giờ đến "
        "10 giờ.\n"
        "2. Đề nghị cơ quan quản lý các hệ thống thông báo trước lịch bảo trì và khắc phục tình "
        "trạng gián đoạn trong giờ làm việc."
    )


def test_what_is_left_out_is_told(figures: Figures, centre: Centre) -> None:
    doubts = "Không tính vào số bình quân: 4 lượt do đồng hồ máy không chắc chắn."
    assert sentences.notes(figures, centre) == [doubts]
    code = figures.by_service[0].service
    services = tuple(
        structs.replace(one, roll_last=899) if one.code == code else one for one in centre.services
    )
    with_roll = structs.replace(centre, services=services)
    name = centre.service(code).name.vi
    assert sentences.notes(figures, with_roll) == [
        doubts,
        f"Số ở cuộn giấy ({name}) không có giờ lấy nên không tính vào thời gian chờ.",
    ]


def test_no_decree_no_dossier_and_no_foreign_decimals(report: Report) -> None:
    text = all_texts(report)
    assert not re.search(r"Nghị định|Quyết định|Thông tư|NĐ-CP|QĐ-", text)
    assert not re.search(r"\d\.\d\b", text)  # thousands have three digits after the point
    plain = text.replace("[nhập từ hệ thống]", "")
    for found in re.finditer(r".{0,40}hồ sơ.{0,20}", plain):
        assert re.search(r"không (phải|tính) số hồ sơ|^Số hồ sơ \(\*\)$", found[0]), found[0]


def test_dossier_columns_stay_to_be_filled_in(report: Report) -> None:
    turnout = report.annex[0]
    assert turnout.columns[-1].head == "Số hồ sơ (*)"
    assert {row[-1] for row in turnout.rows} == {"[nhập từ hệ thống]"}


def test_tables_have_a_cell_for_every_column(report: Report) -> None:
    tables: list[Table] = [report.services, *report.annex]
    assert report.weeks
    for table in [*tables, report.weeks]:
        assert {len(row) for row in table.rows} == {len(table.columns)}, table.caption


def test_weeks_add_up(report: Report) -> None:
    assert report.weeks
    assert [row[1] for row in report.weeks.rows] == [
        "15/10 – 16/10",
        "19/10 – 23/10",
        "26/10 – 30/10",
        "02/11 – 06/11",
        "09/11 – 13/11",
        "Cộng",
    ]
    assert [row[-1] for row in report.weeks.rows] == ["0", "0", "71", "0", "0", "71"]


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        ("2026-10-15", "2026-11-14", "từ ngày 15 tháng 10 đến ngày 14 tháng 11 năm 2026"),
        ("2025-12-15", "2026-01-14", "từ ngày 15 tháng 12 năm 2025 đến ngày 14 tháng 01 năm 2026"),
        ("2026-02-03", "2026-02-03", "ngày 03 tháng 02 năm 2026"),
    ],
)
def test_period_words(first: str, last: str, words: str) -> None:
    assert period_words(Period(date.fromisoformat(first), date.fromisoformat(last))) == words


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [(3314, 0, "3.314"), (1234.56, 1, "1.234,6"), (None, 1, "–"), (0.04, 1, "0,0")],
)
def test_numbers_are_written_as_vietnamese_write_them(
    value: float | None, digits: int, text: str
) -> None:
    assert decimal(value, digits) == text


def test_outcomes_and_second_contacts_are_reported_with_their_denominators(
    figures: Figures, centre: Centre
) -> None:
    whole = MatterFigures(
        ends=86,
        outcomes=(("received", 30), ("result", 10)),
        parked=20,
        again=18,
        ended_again=17,
        away=Times(count=18, mean_s=1080.0),
        sent=5,
        back=4,
    )
    told = replace(figures, matters=whole, matters_by_service=(("CERT", whole),))
    said = sentences.groups(told, centre)
    assert (
        "Cán bộ đã ghi kết quả của 40 trên 86 lượt phục vụ: tiếp nhận hồ sơ 30 lượt và trả kết "
        "quả 10 lượt." in said
    )
    assert "Có 20 lượt chờ ký" in said
    assert "17 lượt xong ngay ở lần gọi lại, sau bình quân 18 phút." in said
    assert "Có 5 lượt được chuyển sang lĩnh vực khác" in said
    table = annex_tables(told, centre)[-1]
    assert table.caption == "Biểu 6. Kết quả phục vụ theo lĩnh vực"
    assert table.rows[-1] == ("", "Toàn Trung tâm", "30", "10", "0", "0", "0", "40", "86")
    assert len(table.columns) == len(table.rows[-1])


def test_nothing_recorded_makes_no_table_and_no_sentence(figures: Figures, centre: Centre) -> None:
    assert len(annex_tables(figures, centre)) == 5
    assert "kết quả của" not in sentences.groups(figures, centre)


def test_absences_by_rule_are_told_apart(figures: Figures) -> None:
    said = sentences.results(replace(figures, matters=MatterFigures(by_time=12)), "Trung tâm", None)
    assert "12 lần gọi tự chuyển thành vắng mặt sau khi đã gọi lại đủ số lần quy định." in said
    assert "tự chuyển" not in sentences.results(figures, "Trung tâm", None)


def test_how_it_was_is_a_table_and_a_sentence_out_of_how_many(
    figures: Figures, centre: Centre
) -> None:
    told = Satisfaction(
        Opinion(3211, {Face.VERY_SATISFIED: 1200, Face.UNSATISFIED: 4}),
        ((3, Opinion(400, {Face.VERY_SATISFIED: 90})),),
    )
    made = make_report(figures, centre, ReportSettings(), told)
    assert (
        "Có 1.204 trên 3.211 lượt đã phục vụ cho ý kiến về sự phục vụ: rất hài lòng 1.200, chưa "
        "hài lòng 4."
    ) in made.wording.groups
    table = made.annex[-1]
    assert table.caption == "Biểu 6. Mức độ hài lòng của công dân", "numbered by what is there"
    assert table.rows == (
        ("1", "Quầy 3", "90", "0", "0", "0", "90", "400"),
        ("", "Toàn Trung tâm", "1.200", "0", "0", "4", "1.204", "3.211"),
    )
    untold = make_report(figures, centre, ReportSettings())
    assert "ý kiến" not in untold.wording.groups
    assert len(untold.annex) == 5
