import pytest

from voice.numbers import numbers_in


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "không"),
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
        (105, "một không năm"),
    ],
)
def test_counters_in_vietnamese(number: int, words: str) -> None:
    assert " ".join(numbers_in("vi").count(number)) == words


@pytest.mark.parametrize(
    ("number", "words"),
    [(3, "three"), (10, "ten"), (13, "thirteen"), (20, "twenty"), (42, "forty two")],
)
def test_counters_in_english(number: int, words: str) -> None:
    assert " ".join(numbers_in("en").count(number)) == words


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_counter_has_its_own_words(lang: str) -> None:
    assert len({tuple(numbers_in(lang).count(number)) for number in range(1, 100)}) == 99


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
    assert " – ".join(" ".join(group) for group in numbers_in("vi").groups(number)) == spoken


def test_a_ticket_in_english() -> None:
    assert numbers_in("en").groups("A2005") == [["A"], ["two", "zero"], ["zero", "five"]]
