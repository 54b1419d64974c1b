"""A number on a black screen, by five keys and by ear alone; and nothing is by touch alone."""

# ruff: noqa: ANN401 - the types of the fixtures live in conftest.py

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QImage

from bus.vocabulary import SoundState
from config import Centre, load_centre
from hall.citizen.phrases import Phrase, phrase_words
from hall.citizen.session import Page
from hall.words import Words
from kiosk.speaking.reader import Key
from tests.unit.kiosk.hearing import Listener
from voice.pack import BUILT_IN, Pack, load_pack
from voice.site_clips import texts_of

SERVICES = ("CERT", "CIVIL", "SOC", "ECON", "LAND", "TAX", "SI", "PICK", "HELP")


@pytest.fixture(scope="module")
def packs() -> dict[str, Pack]:
    return {lang: load_pack(BUILT_IN / lang) for lang in ("vi", "en")}


@pytest.fixture
def person(packs: dict[str, Pack], tmp_path: Path) -> Iterator[Listener]:
    texts: dict[str, set[str]] = {"vi": set(), "en": set()}
    for lang, text in texts_of(load_centre()):
        texts[lang].add(text)
    person = Listener(tmp_path, packs, texts)
    yield person
    person.stop()


def stand(person: Listener, show: Any, **options: Any) -> Any:
    """Let a person stand at the kiosk, who hears it through a headset."""
    shown = show(mouth=person.mouth, **options)
    person.shown = shown
    shown.hall.kiosk.speech_is(SoundState.OK)
    person.mouth.start()
    return shown


def draw_the_curtain(person: Listener, lang: str) -> None:
    word = clips_of(lang)
    person.seek(word(Phrase.CURTAIN))
    heard = person.press(Key.CHOOSE)
    assert heard == [word(Phrase.CURTAIN), word(Phrase.ON)]
    assert is_black(person.shown.window.grabWindow())


def is_black(image: QImage) -> bool:
    grey = image.convertToFormat(QImage.Format.Format_Grayscale8)
    return not any(bytes(grey.constBits()))


def clips_of(lang: str) -> Callable[[Phrase], str]:
    return lambda phrase: phrase_words(phrase, Words(lang))


def begins(person: Listener, lang: str) -> None:
    """Touch the keypad, hear what this is, and change to `lang`."""
    heard = person.press(Key.CHOOSE)
    word = clips_of("vi")
    assert heard[0] == word(Phrase.WELCOME)
    assert word(Phrase.CHOOSE_SERVICE) in heard
    assert word(Phrase.HOW_TO) in heard
    assert heard[-1] != word(Phrase.HOW_TO), "the first stop follows"
    if lang == "en":
        person.seek(word(Phrase.LANGUAGE))
        heard = person.press(Key.CHOOSE)
        assert heard[0] == clips_of("en")(Phrase.WELCOME)


def whole_ticket(
    person: Listener, pack: Pack, centre: Centre, number: str, service: str, lang: str
) -> list[str]:
    """Return every word of a ticket, in order, as a person must hear it."""
    word = clips_of(lang)
    marks = [mark for mark in pack.number(number) if isinstance(mark, str)]
    waiting, wait = _waits(person, service)
    name = next(one.name(lang) for one in centre.services if one.code == service)
    count = [str(each) for each in pack.count(waiting)]
    ahead = [word(Phrase.BEFORE_YOU), *count, word(Phrase.PEOPLE)]
    return [
        word(Phrase.YOUR_NUMBER), *marks, word(Phrase.AGAIN), *marks,
        name, *ahead, *_range(pack, wait, word),
        word(Phrase.WILL_BE_CALLED),
        *(line(lang) for line in centre.wording.ticket_footer),
    ]  # fmt: skip


def _waits(person: Listener, service: str) -> tuple[int, tuple[int, int] | None]:
    issued = next(
        ticket for ticket in person.shown.hall.service.issued.values() if ticket.service == service
    )
    return issued.ahead, issued.wait_min


def _range(pack: Pack, wait: tuple[int, int] | None, word: Callable[[Phrase], str]) -> list[str]:
    if wait is None:
        return [word(Phrase.NOT_OPEN)]
    low, high = ([str(each) for each in pack.count(minutes)] for minutes in wait)
    span = high if low == high else [*low, word(Phrase.TO), *high]
    return [word(Phrase.ABOUT), *span, word(Phrase.MINUTES)]


def follows(heard: list[str], wanted: list[str]) -> bool:
    """Return whether `wanted` was heard, one after the other with nothing between."""
    return any(heard[at : at + len(wanted)] == wanted for at in range(len(heard)))


@pytest.mark.full
@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("service", SERVICES)
def test_a_number_on_a_black_screen_by_keys_alone(
    show: Any, person: Listener, packs: dict[str, Pack], centre: Centre, service: str, lang: str
) -> None:
    hall = stand(person, show).hall
    word = clips_of(lang)
    begins(person, lang)
    draw_the_curtain(person, lang)
    name = next(one.name(lang) for one in centre.services if one.code == service)
    person.seek(word(Phrase.GUIDANCE) if service == "HELP" else name)
    heard = person.press(Key.CHOOSE)
    hall.until(lambda: hall.kiosk.session.page is Page.TICKET)
    heard += person.listen()
    [paper], [issued] = hall.printer.papers, hall.service.issued.values()
    assert paper.number == issued.number
    assert (issued.service, issued.lang.value) == (service, lang)
    wanted = whole_ticket(person, packs[lang], centre, issued.number, service, lang)
    assert follows(heard, wanted), (heard, wanted)
    assert heard.index(word(Phrase.TAKE_PAPER)) < heard.index(word(Phrase.YOUR_NUMBER))
    again = person.seek(word(Phrase.YOUR_NUMBER))
    assert again == wanted[: len(again)], "on request the number comes again"
    assert is_black(person.shown.window.grabWindow())
    person.seek(word(Phrase.FINISH))
    assert person.press(Key.CHOOSE)[-1] == word(Phrase.SPEECH_ENDED)
    assert not is_black(person.shown.window.grabWindow()), "the next one sees"
