"""How often people were helped: plain counts, and no number of few."""

from datetime import date

from config import load_centre
from hall.words import Words
from wait_log.cases import NO_SCENARIO
from wait_log.figures import Figures, Selection, Tally
from wait_log.periods import Period
from web.report.outcomes import outcome_sentences
from web.waits.matters import matters_part

PERIOD = Period(date(2026, 11, 1), date(2026, 11, 30))
CASES = (("deaf", 4), ("elderly", 12), ("of-old", 7), (NO_SCENARIO, 6))


def figures_with_cases() -> Figures:
    return Figures(Selection(period=PERIOD), Tally(), cases=CASES)


def test_the_page_tells_counts_and_of_few_no_number() -> None:
    part = matters_part(figures_with_cases(), load_centre(), Words("vi"))
    assert [(detail.label, detail.value) for detail in part.details] == [
        ("Hỗ trợ: Người không nghe được (mẫu)", "dưới 5 lượt"),
        ("Hỗ trợ: Người cao tuổi (mẫu)", "12 lượt"),
        ("Hỗ trợ: of-old", "7 lượt"),
        ("Hỗ trợ: việc riêng lẻ", "6 lượt"),
    ]


def test_the_report_leaves_few_out() -> None:
    (sentence,) = outcome_sentences(figures_with_cases(), load_centre())
    assert "Người cao tuổi (mẫu) 12 lượt và việc riêng lẻ 6 lượt" in sentence
    assert "không nghe được" not in sentence
