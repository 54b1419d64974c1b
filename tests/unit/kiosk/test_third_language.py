"""A language that a test makes: a citizen chooses it at the kiosk and gets the paper in it."""

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from bus.codec import decode, encode
from bus.commands import IssuedTicket, IssueTicket
from bus.vocabulary import Language
from config import Centre, centre_from_wire, centre_to_wire
from config.settings import OtherLanguage
from hall.citizen.phrases import WORDS, Phrase, phrase_words
from hall.citizen.session import Session, in_other_language, languages_of
from hall.words import Words
from kiosk.printing import paper
from paper.composing import words as paper_words


def of_three(centre: Centre) -> Centre:
    more = (OtherLanguage(code="xx", name="Xéo"),)
    return replace(centre, identity=replace(centre.identity, other_languages=more))


def test_a_citizen_goes_around_the_languages_of_the_hall(centre: Centre) -> None:
    languages = languages_of(of_three(centre))
    assert languages == {"vi": "Tiếng Việt", "en": "English", "xx": "Xéo"}
    chosen, session = [], Session()
    for _ in range(4):
        session = in_other_language(session, languages)
        chosen.append(session.lang)
    assert chosen == ["en", "xx", "vi", "en"]


def test_a_third_language_is_chosen_read_out_asked_for_and_printed(
    build: Callable[..., Any], centre: Centre, third_language: str
) -> None:
    hall = build(of_centre=of_three(centre))
    for _ in range(2):
        hall.pause()
        hall.kiosk.toggle_language()
    session = hall.kiosk.session
    assert session.lang == third_language
    assert hall.languages[-1] == third_language
    t = Words(third_language)
    assert phrase_words(Phrase.HELP, t) == f"xx {WORDS[Phrase.HELP]}"
    hall.take("CERT")
    hall.until(lambda: bool(hall.service.of(IssueTicket)))
    (asked,) = hall.service.of(IssueTicket)
    assert (asked.lang, asked.language) == (Language.VIETNAMESE, third_language)
    hall.until(lambda: bool(hall.printer.papers))
    printed = hall.printer.papers[-1]
    assert printed.lang == third_language
    assert paper_words(printed.lang).your_number == "xx your number"
    assert paper_words(printed.lang).copy == "BẢN IN LẠI"  # what nobody has translated


def test_a_service_of_before_answers_and_the_paper_is_vietnamese(
    centre: Centre, third_language: str
) -> None:
    assert third_language
    old = {"ticket": "t", "number": "2005", "service": "CERT", "class": "normal",
           "business_day": "2026-11-27", "ahead": 0, "wait_min": None, "token": "T",
           "issued_at": "2026-11-27T01:00:00Z", "lang": "vi"}  # fmt: skip
    issued = decode(IssuedTicket, encode(old))  # type: ignore[arg-type]
    assert paper(centre, issued).lang == "vi"


def test_a_box_of_before_takes_the_configuration_without_the_language(centre: Centre) -> None:
    wire = centre_to_wire(of_three(centre))
    assert centre_from_wire(wire).identity.other_languages[0].name == "Xéo"
    newer = {**wire, "identity": {**wire["identity"], "of_tomorrow": 1}}
    assert centre_from_wire(newer).identity.languages == ("vi", "en")
