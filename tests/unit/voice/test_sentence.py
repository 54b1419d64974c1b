import pytest

from voice.numbers import numbers_in
from voice.pack import BUILT_IN, Pause, read_settings
from voice.sentence import as_text, sentence, template_of

VI_NUMBERS = numbers_in("vi")
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
    assert as_text(sentence(template, "2005", 3, VI_NUMBERS, ())) == text


def test_english() -> None:
    text = as_text(sentence(EN.call, "2005", 12, numbers_in("en"), ()))
    assert text == "Number two zero, zero five, please proceed to counter twelve."


def test_a_clip_with_the_whole_counter_is_preferred() -> None:
    items = sentence(VI.call, "20", 3, VI_NUMBERS, {"đến quầy số ba"})
    assert items == ("Xin mời công dân có số", "hai", "không", Pause.PHRASE, "đến quầy số ba")


def test_other_counters_are_put_together() -> None:
    items = sentence(VI.call, "20", 25, VI_NUMBERS, {"đến quầy số ba"})
    assert items[-4:] == ("đến quầy số", "hai", "mươi", "lăm")


def test_there_is_a_break_between_groups_and_before_the_counter() -> None:
    items = sentence(VI.call, "2005", 3, VI_NUMBERS, ())
    assert [item for item in items if isinstance(item, Pause)] == [Pause.GROUP, Pause.PHRASE]
    assert items.index(Pause.GROUP) == 3


def test_a_greeting_may_be_written_in_one_piece() -> None:
    apart = ("Mời số", "{number}", "|", "đến quầy {counter}", "ạ")
    for template in (
        ("Mời số {number} | đến quầy {counter}", "ạ"),
        ("Mời số {number}|", *apart[3:]),
    ):
        assert sentence(template, "2005", 3, VI_NUMBERS, ()) == sentence(
            apart, "2005", 3, VI_NUMBERS, ()
        )
