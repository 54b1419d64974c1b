"""What the page says of figures, and where its charts put them."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from config import Centre
from hall.words import Words
from provisioning.ratings import Face
from wait_log.figures import (
    Figures,
    HourFigures,
    MatterFigures,
    MonthFigures,
    Selection,
    Tally,
    Waits,
)
from wait_log.periods import Period
from web.assets import load_templates
from web.export.satisfaction import Opinion, Satisfaction
from web.waits.cards import cards
from web.waits.page import WaitsPage, waits_page
from web.waits.query import WaitsQuery

VI, EN = Words("vi"), Words("en")
TODAY = date(2026, 11, 23)


def page_of(
    figures: Figures | None,
    centre: Centre | None,
    t: Words = VI,
    opinion: Satisfaction | None = None,
) -> WaitsPage:
    period = Period(date(2026, 10, 15), date(2026, 11, 14))
    selection = figures.selection if figures else Selection(period)
    return waits_page(WaitsQuery(selection), figures, centre, TODAY, t, opinion=opinion)


def found(month: Figures, centre: Centre, t: Words = VI) -> Any:  # noqa: ANN401 - never None here
    page = page_of(month, centre, t)
    assert page.found
    return page.found


def test_five_figures_beside_targets_and_other_periods(month: Figures, centre: Centre) -> None:
    said = [
        (card.label, card.value, [(r.mark, r.words) for r in card.remarks])
        for card in found(month, centre).cards
    ]
    year = "so với cùng kỳ năm trước"
    assert said[:2] == [
        (
            "Lượt giao dịch",
            "3.314",
            [("plain", "+4 % so với kỳ trước"), ("plain", f"+268 % {year}")],
        ),
        (
            "Chờ bình quân",
            "8 phút",
            [
                ("better", "đạt mục tiêu 15 phút"),
                ("better", "−1 phút so với kỳ trước: tốt hơn"),
                ("worse", f"+1 phút {year}: kém hơn"),
            ],
        ),
    ]
    assert said[2][:2] == ("90 % số lượt chờ không quá", "19 phút")
    assert said[2][2][0] == ("worse", "quá mức 15 phút")
    assert said[3][:2] == ("Chờ trong 15 phút", "83 %")
    assert said[4][:2] == ("Vắng mặt", "3,1 %")
    assert said[4][2][0] == ("better", "−0,4 điểm % so với kỳ trước: tốt hơn")
    assert found(month, centre).compared == (
        "Kỳ trước: 15/09–14/10/2026 · Cùng kỳ năm trước: 15/10–14/11/2025, nhật ký chưa đủ"
    )


def test_no_mark_stands_without_its_word(month: Figures, centre: Centre) -> None:
    words = {"better": ("tốt hơn", "đạt"), "worse": ("kém hơn", "quá"), "plain": ("",)}
    for card in found(month, centre).cards:
        for remark in card.remarks:
            assert any(word in remark.words for word in words[remark.mark]), remark


def test_without_waits_nothing_is_compared(centre: Centre, no_figures: Figures) -> None:
    shown = cards(replace(no_figures, tally=Tally(issued=3, pending=3)), centre.targets, VI)
    assert [card.value for card in shown] == ["3", "–", "–", "–", "0 %"]
    assert not any(card.remarks for card in shown)


def test_lines_lie_within_their_frame_and_in_order(month: Figures, centre: Centre) -> None:
    line = found(month, centre).line
    assert len(line.points) == month.days
    for point in line.points:
        assert line.top <= point.p90 <= point.mean <= line.bottom
    assert line.bottom == line.rows[0].at
    assert line.rows[0].words == "0"
    assert line.rows[-1].at == line.top
    assert [mark.words for mark in line.columns][0::5] == ["15/10", "13/11"]
    assert len(line.columns) <= 6


def test_a_day_without_waits_parts_the_line(month: Figures, centre: Centre) -> None:
    days = list(month.by_day)
    days[3] = replace(days[3], tally=Tally(issued=2))
    line = found(replace(month, by_day=tuple(days)), centre).line
    assert len(line.means) == 2
    assert len(line.means[0].split()) == 3
    assert line.points[3].words.endswith("2 lượt")


def test_heat_is_darker_the_longer_people_wait(month: Figures, centre: Centre) -> None:
    hours = tuple(
        HourFigures(0, 7 + index, 9, Waits(9, minutes * 60.0, None, None))
        for index, minutes in enumerate((1, 14, 16, 21, 31))
    )
    heat = found(replace(month, by_hour=hours), centre).heat
    assert [cell.shade for cell in heat.cells] == [1, 7, 8, 9, 10]
    assert [cell.words for cell in heat.cells] == ["1", "14", "16", "21", "31"]
    assert len(heat.weekdays) == 5
    assert "weekday=0&hour=7" in heat.cells[0].address


def test_bars_end_at_their_values(month: Figures, centre: Centre) -> None:
    bars = found(month, centre).bars
    scale = bars.columns[1].at / float(bars.columns[1].words)
    land = next(bar for bar in bars.bars if bar.name == "Đất đai")
    assert land.length == pytest.approx(16.2 * scale, abs=1)
    assert land.whisker == pytest.approx(16.2 * 140 / 60 * scale, abs=1)
    assert "service=LAND" in land.address


def test_every_row_leads_to_its_tickets(month: Figures, centre: Centre) -> None:
    shown = found(month, centre)
    assert shown.services.rows[0][0].address.endswith("&service=CERT")
    assert shown.counters.rows[2][0].address.endswith("&counter=3")
    assert shown.days.rows[0][0].address == "/log?first=2026-10-15&last=2026-10-15"
    assert shown.doubtful[0].address.endswith("doubtful=clock")
    assert "ticket=T7" in shown.doubtful[0].first[0].address
    assert [(kind.words, kind.count) for kind in shown.doubtful] == [
        ("Đồng hồ máy không chắc chắn", "4"),
        ("Phục vụ trên 4 giờ", "1"),
    ]


def test_a_long_period_says_what_is_approximate(month: Figures, centre: Centre) -> None:
    rough = replace(month.tally, waits=replace(month.tally.waits, approximate=True))
    months = tuple(
        MonthFigures(date(2025, n, 1), date(2025, n, 28), month.tally) for n in range(1, 13)
    )
    shown = found(replace(month, tally=rough, by_day=(), by_month=months), centre)
    assert any("gần đúng" in note for note in shown.notes)
    assert shown.span_name == "Chờ theo tháng"
    assert not any("gần đúng" in note for note in found(month, centre).notes)


def test_the_running_period_says_that_it_goes_on(month: Figures, centre: Centre) -> None:
    query = WaitsQuery(month.selection)
    page = waits_page(query, month, centre, date(2026, 11, 14), VI)
    assert page.found
    assert page.found.notes[0].startswith("Kỳ này chưa kết thúc")


def test_no_figures_are_a_sentence(no_figures: Figures, centre: Centre) -> None:
    assert "không có lượt giao dịch nào" in page_of(no_figures, centre).trouble
    assert "Chưa đọc được nhật ký" in page_of(None, centre).trouble
    assert page_of(None, None).form.services.boxes == ()


@pytest.mark.parametrize("t", [VI, EN])
def test_text_of_people_is_shown_as_text(month: Figures, centre: Centre, t: Words) -> None:
    typed = '"><script>alert(1)</script>'
    gone = replace(month.by_service[0], service=typed)
    outage = replace(month.outages[0], system=typed)
    figures = replace(month, by_service=(*month.by_service, gone), outages=(outage,))
    templates = load_templates()
    parts = templates.get_template("waits_parts.html").module
    charts = templates.get_template("waits_charts.html").make_module({"t": t})
    shown = found(figures, centre, t)
    for html in (
        parts.figures_table(shown.services, "x"),  # type: ignore[attr-defined]
        parts.figures_table(shown.outages, "x"),  # type: ignore[attr-defined]
        charts.bar_chart(shown.bars, typed),  # type: ignore[attr-defined]
    ):
        assert "&lt;script&gt;alert(1)" in html
        assert "<script" not in html
        assert "style=" not in html


def test_outcomes_are_said_with_their_denominator(month: Figures, centre: Centre) -> None:
    part = found(month, centre).matters
    assert part.recorded == "đã ghi 2.340 trên 3.190 lượt phục vụ"
    heads, rows = part.outcomes.heads, part.outcomes.rows
    assert heads[:3] == ("Lĩnh vực", "Tiếp nhận hồ sơ", "Trả kết quả")
    assert heads[-3:] == ("gone", "Chưa ghi", "Đã ghi trên số lượt")
    assert [cell.words for cell in rows[0]][:3] == ["Chứng thực", "500", "811"]
    assert rows[0][-1].words == "1.311 trên 1.400, 94 %"
    assert rows[2][-1].words == "0 trên 890, 0 %"
    assert part.outcomes.total[-1].words == "2.340 trên 3.190, 73 %"


def test_second_contacts_and_ways_are_said(month: Figures, centre: Centre) -> None:
    said = {one.label: one.value for one in found(month, centre).matters.details}
    assert said["Chờ ký, quay lại sau"] == "60 lượt"
    assert said["Xong ngay lần gọi lại"] == "52 trên 60, 87 %"
    assert said["Từ lúc chờ đến lần gọi lại, bình quân"] == "18 phút"
    assert said["Sang lĩnh vực khác, đã quay lại quầy cũ"] == "11 trên 12, 92 %"
    assert said["Đi và về bình quân"] == "25 phút"


def test_nothing_recorded_is_said_in_a_sentence(month: Figures, centre: Centre) -> None:
    nothing = replace(month, matters=MatterFigures(ends=9), matters_by_service=())
    part = found(nothing, centre, EN).matters
    assert (part.recorded, part.outcomes.rows, part.details) == (
        "recorded for 0 of 9 services",
        (),
        (),
    )


HOW_IT_WAS = Satisfaction(
    Opinion(86, {Face.VERY_SATISFIED: 8, Face.SATISFIED: 3, Face.UNSATISFIED: 1}),
    ((3, Opinion(40, {Face.VERY_SATISFIED: 7, Face.UNSATISFIED: 1})),),
    (("wait", 2), ("gone", 1)),
)


def test_how_it_was_is_always_out_of_how_many(month: Figures, centre: Centre) -> None:
    page = page_of(month, centre, VI, HOW_IT_WAS).found
    assert page
    assert page.opinion
    assert page.opinion.said == "12 trên 86 lượt đã phục vụ"
    assert [(face.name, face.count, face.words) for face in page.opinion.faces] == [
        ("Rất hài lòng", "8", "67 %"),
        ("Hài lòng", "3", "25 %"),
        ("Bình thường", "0", "0 %"),
        ("Chưa hài lòng", "1", "8,3 %"),
    ]
    (row,) = page.opinion.counters.rows
    assert [cell.words for cell in row][1:] == ["8 trên 40, 20 %", "7", "0", "0", "1"]
    reasons = [(reason.label, reason.value) for reason in page.opinion.reasons]
    assert reasons[1] == ("gone", "1 trên 12 ý kiến"), "one that is no longer in the list"
    english = page_of(month, centre, EN, HOW_IT_WAS).found
    assert english
    assert english.opinion
    assert english.opinion.said == "12 of 86 services"


def test_where_nobody_says_how_it_was_nothing_is_shown(month: Figures, centre: Centre) -> None:
    assert found(month, centre).opinion is None
