import pytest

from paper.wrapping import wrap


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
def test_every_line_fits_and_nothing_is_lost(width: int) -> None:
    text = "Quét mã để theo dõi lượt của quý vị trên điện thoại"
    lines = wrap(text, width, len)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(len(line) <= width for line in lines)


def test_a_word_too_wide_is_broken_between_letters_not_before_their_marks() -> None:
    assert wrap("xin abcdefgh", 5, len) == ["xin", "abcde", "fgh"]
    assert wrap("ae\u0323\u0302b", 2, len) == ["ae\u0323\u0302", "b"]


def test_many_words_are_wrapped_in_time() -> None:
    assert len(wrap("a " * 2000, 40, len)) == 100


def test_nothing_gives_no_line() -> None:
    assert wrap("  ", 10, len) == []
