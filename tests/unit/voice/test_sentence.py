""""""

import pytest

from voice.pack import BUILT_IN, Pause, read_settings
from voice.sentence import as_text, counter_words, number_groups, sentence, template_of


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (1, "một"),
        (4, "bốn"),
        (5, "năm"),
        (10, "mười"),
        (11, "mười một"),
        (14, "mười bốn"),
        (15, "mười lăm"),
        (20, "hai mươi"),
        (21, "hai mươi mốt"),
        (24, "hai mươi tư"),
        (25, "hai mươi lăm"),
        (30, "ba mươi"),
        (51, "năm mươi mốt"),
        (55, "năm mươi lăm"),
        (94, "chín mươi tư"),
        (99, "chín mươi chín"),
    ],
)
def test_counters_in_vietnamese(number: int, words: str) -> None:
    assert " ".join(counter_words(number, "vi")) == words


@pytest.mark.parametrize(
    ("number", "words"),
    [(3, "three"), (10, "ten"), (13, "thirteen"), (20, "twenty"), (42, "forty two")],
)
def test_counters_in_english(number: int, words: str) -> None:
    assert " ".join(counter_words(number, "en")) == words


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_counter_has_its_own_words(lang: str) -> None:
    assert len({tuple(counter_words(number, lang)) for number in range(1, 100)}) == 99


@pytest.mark.parametrize(
    ("number", "spoken"),
    [
        ("2005", "hai không – không năm"),
        ("1017", "một không – một bảy"),
        ("305", "ba không năm"),
        ("20051", "hai không – không năm một"),
        ("200512", "hai không – không năm – một hai"),
        ("A005", "a – không không năm"),
        ("Đ12", "đê – một hai"),
        ("7", "bảy"),
        ("A-005", "a – không không năm"),
        ("", ""),
    ],
)
def test_a_ticket_is_spoken_digit_by_digit(number: str, spoken: str) -> None:
    assert " – ".join(" ".join(group) for group in number_groups(number, "vi")) == spoken


def test_a_ticket_in_english() -> None:
    assert number_groups("A2005", "en") == [["A"], ["two", "zero"], ["zero", "five"]]


VI = read_settings(BUILT_IN / "vi").templates
EN = read_settings(BUILT_IN / "en").templates


@pytest.mark.parametrize(
    ("again", "collects_result", "text"),
    [
        (False, False, "Xin mời công dân có số hai không, không năm, đến quầy số ba."),
        (True, False, "Xin nhắc lại, mời công dân có số hai không, không năm, đến quầy số ba."),
        (False, True, "Xin mời công dân có số hai không, không năm, đến quầy số ba nhận kết quả."),
        (
            True,
            True,
            "Xin nhắc lại, mời công dân có số hai không, không năm, đến quầy số ba nhận kết quả.",
        ),
    ],
)
def test_the_sentences_of_the_hall(again: bool, collects_result: bool, text: str) -> None:
    template = template_of(VI, again=again, collects_result=collects_result)
    assert as_text(sentence(template, "2005", 3, "vi", ())) == text


def test_english() -> None:
    text = as_text(sentence(EN.call, "2005", 12, "en", ()))
    assert text == "Number two zero, zero five, please proceed to counter twelve."


def test_a_clip_with_the_whole_counter_is_preferred() -> None:
    items = sentence(VI.call, "20", 3, "vi", {"đến quầy số ba"})
    assert items == ("Xin mời công dân có số", "hai", "không", Pause.PHRASE, "đến quầy số ba")


def test_other_counters_are_put_together() -> None:
    items = sentence(VI.call, "20", 25, "vi", {"đến quầy số ba"})
    assert items[-4:] == ("đến quầy số", "hai", "mươi", "lăm")


def test_there_is_a_break_between_groups_and_before_the_counter() -> None:
    items = sentence(VI.call, "2005", 3, "vi", ())
    assert [item for item in items if isinstance(item, Pause)] == [Pause.GROUP, Pause.PHRASE]
    assert items.index(Pause.GROUP) == 3


def test_a_greeting_may_be_written_in_one_piece() -> None:
    apart = ("Mời số", "{number}", "|", "đến quầy {counter}", "ạ")
    for template in (
        ("Mời số {number} | đến quầy {counter}", "ạ"),
        ("Mời số {number}|", *apart[3:]),
    ):
        assert sentence(template, "2005", 3, "vi", ()) == sentence(apart, "2005", 3, "vi", ())
