import pytest

from hardware.printer.wrapping import wrap


def test_short_text_stays_on_one_line() -> None:
    assert wrap("Hộ tịch", 20, len) == ["Hộ tịch"]


def test_breaks_after_a_clause_rather_than_within_it() -> None:
    text = "Nếu lỡ lượt, mời quý vị báo cán bộ, không cần lấy số mới."
    assert wrap(text, 40, len) == [
        "Nếu lỡ lượt, mời quý vị báo cán bộ,",
        "không cần lấy số mới.",
    ]


def test_balances_lines_without_clauses() -> None:
    assert wrap("TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG", 30, len) == [
        "TRUNG TÂM PHỤC VỤ",
        "HÀNH CHÍNH CÔNG",
    ]


def test_uses_no_more_lines_than_needed() -> None:
    assert len(wrap("một hai, ba bốn năm, sáu", 15, len)) == 2


@pytest.mark.parametrize("width", range(1, 40))
def test_every_line_fits_unless_it_is_one_word(width: int) -> None:
    text = "Quét mã để theo dõi lượt của quý vị trên điện thoại"
    lines = wrap(text, width, len)
    assert " ".join(lines) == text
    assert all(len(line) <= width or " " not in line for line in lines)


def test_nothing_gives_no_line() -> None:
    assert wrap("  ", 10, len) == []
