""""""

import unicodedata
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bus.vocabulary import Language, TicketClass
from paper import Ticket, sample_ticket
from paper.blocks import Face
from paper.encode import encode_layout
from paper.layout import built_in_layouts
from paper.lettering import clean, fit_line, fit_lines, wrap
from paper.reading import Cut, read_job
from paper.rendering import render

LONG = "Đăng ký thay đổi quyền sử dụng đất và tài sản gắn liền với đất"
LONGEST_PAPER = 3200
"""Rows, 40 cm: with nonsense in every field the large ticket of 58 mm must still end."""

WILD = st.one_of(
    st.text(max_size=60),
    st.text(
        alphabet="ỆỬẪ \u0301\u0302\u0309\u200f\u0623\u0628\u0651\U0001f469\u200d\U0001f467"
        "\n\t\x00\u2028\ud800…",
        max_size=80,
    ),
    st.sampled_from(["", " ", "Nghiêng" * 80, "a " * 900, "\U0001f469" * 90, "m\u0323\u0302" * 99]),
)


def test_what_fits_stays_as_large_as_wanted() -> None:
    cut, lines = fit_lines("Hộ tịch", Face.BOLD, 40, 528, 2)
    assert (cut.size, lines) == (40, ("Hộ tịch",))


def test_what_does_not_fit_is_set_smaller_before_anything_is_lost() -> None:
    cut, lines = fit_lines(LONG, Face.BOLD, 48, 528, 3)
    assert 34 <= cut.size < 48
    assert " ".join(lines) == LONG


@pytest.mark.parametrize("text", [LONG * 4, "M" * 300])
def test_what_never_fits_ends_with_dots(text: str) -> None:
    cut, lines = fit_lines(text, Face.BOLD, 30, 352, 2)
    assert cut.size == 24
    assert len(lines) == 2
    assert lines[-1].endswith("…")
    assert all(cut.getlength(line) <= 352 for line in lines)


@pytest.mark.parametrize("width", range(200, 400, 8))
def test_what_is_left_out_are_whole_words(width: int) -> None:
    text = "Hợp tác xã, hộ kinh doanh, giấy phép xây dựng: nhà ở riêng lẻ"
    _, lines = fit_lines(text, Face.BOLD, 30, width, 1)
    shown = lines[0].removesuffix("…")
    assert text.startswith(shown)
    assert text[len(shown)] in " ,:"
    assert shown[-1].isalpha()


def test_one_line_shrinks_to_its_place() -> None:
    assert fit_line("2005", Face.NUMBER, 90, 300).size == 90
    assert fit_line("ABC12345", Face.NUMBER, 90, 264).getlength("ABC12345") <= 264
    assert fit_line("", Face.NUMBER, 90, 264).size == 90


def test_text_is_cleaned_of_what_no_printer_shows() -> None:
    assert clean(" Hộ\n tịch\x00\u200b\ud800 ") == "Hộ tịch"
    assert clean(unicodedata.normalize("NFD", "Chứng thực")) == "Chứng thực"


@pytest.mark.full
@settings(max_examples=40, deadline=None)
@given(
    texts=st.lists(WILD, min_size=8, max_size=8),
    ahead=st.none() | st.integers(0, 10**6),
    wait=st.none() | st.tuples(st.integers(0, 10**4), st.integers(0, 10**4)),
    flags=st.tuples(st.booleans(), st.booleans()),
    chosen=st.sampled_from(["standard", "large", "short"]),
    dots=st.sampled_from([576, 512, 384]),
    lang=st.sampled_from(Language),
)
def test_any_words_give_a_paper_of_sane_length(
    texts: list[str],
    ahead: int | None,
    wait: tuple[int, int] | None,
    flags: tuple[bool, bool],
    chosen: str,
    dots: int,
    lang: Language,
) -> None:
    number, service, centre, place, first, second, hotline, code = texts
    ticket = Ticket(
        number=number,
        service=service,
        ticket_class=TicketClass.PRIORITY,
        lang=lang,
        ahead=ahead,
        wait_min=wait,
        issued_at=datetime(2026, 11, 23, 1, 24, tzinfo=UTC),
        business_day="2026-11-23",
        centre=centre,
        place=place,
        papers=(first, second, service, centre),
        footer=(second, first),
        hotline=hotline,
        qr=code,
        copy=flags[0],
        offline=flags[1],
    )
    job = encode_layout(ticket, dots, getattr(built_in_layouts(), chosen)).job
    assert list(read_job(job))[-1] == Cut()
    assert render(job, dots).image.height <= LONGEST_PAPER


def test_an_empty_ticket_is_still_a_ticket() -> None:
    empty = replace(
        sample_ticket(), number="", service="", centre="", place="", papers=("",), hotline=""
    )
    assert (
        render(encode_layout(empty, 576, built_in_layouts().standard).job, 576).image.height > 100
    )


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
