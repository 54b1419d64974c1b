"""A number on a black screen, by five keys and by ear alone; and nothing is by touch alone."""

# ruff: noqa: ANN401 - the types of the fixtures live in conftest.py

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from bus.codec import plain
from bus.commands import AppointmentRefusal, CheckIn, IssueTicket, Reply
from bus.vocabulary import (
    Error,
    PrinterState,
    PrintOutcome,
    SoundState,
    TicketClass,
    WhyNoAppointment,
)
from config import Centre, load_centre
from hall.citizen.phrases import Phrase
from hall.citizen.procedures import lines_of, spoken_texts
from hall.citizen.session import Page
from hall.words import Words
from hardware.printer import Reason, StationHealth
from kiosk.speaking.reader import Key
from tests.unit.kiosk.hearing import (
    Ear,
    Listener,
    begins,
    clips_of,
    draw_the_curtain,
    follows,
    is_black,
    name_of,
)
from tests.unit.kiosk.test_procedures import BIRTH, document
from voice.pack import BUILT_IN, Pack, load_pack
from voice.site_clips import texts_of

SERVICES = ("CERT", "CIVIL", "SOC", "ECON", "LAND", "TAX", "SI", "PICK", "HELP")
LANGUAGES = ("vi", "en")
MARKS = {
    TicketClass.PRIORITY: Phrase.PRIORITY_MARK,
    TicketClass.APPOINTMENT: Phrase.APPOINTMENT_MARK,
}
SMALL = {"width": 540, "height": 960}
"""A screen that nobody looks at is drawn faster."""


@pytest.fixture(scope="module")
def packs() -> dict[str, Pack]:
    return {lang: load_pack(BUILT_IN / lang) for lang in LANGUAGES}


@pytest.fixture(scope="module")
def ear(packs: dict[str, Pack]) -> Ear:
    return Ear(packs, texts_of(load_centre()))


@pytest.fixture
def person(packs: dict[str, Pack], ear: Ear, tmp_path: Path) -> Iterator[Listener]:
    person = Listener(tmp_path, packs, ear)
    yield person
    person.stop()


def stand(person: Listener, show: Any, **options: Any) -> Any:
    """Let a person stand at the kiosk, who hears it through a headset."""
    shown = show(mouth=person.mouth, **SMALL, **options)
    person.shown = shown
    shown.hall.kiosk.speech_is(SoundState.OK)
    person.mouth.start()
    return shown


def whole_ticket(
    person: Listener, pack: Pack, centre: Centre, number: str, service: str, lang: str
) -> list[str]:
    """Return every word of a ticket, in order, as a person must hear it."""
    word = clips_of(lang)
    marks = [mark for mark in pack.number(number) if isinstance(mark, str)]
    waiting, wait = _waits(person, service)
    mark = MARKS.get(person.shown.hall.kiosk.session.ticket.ticket_class)
    return [
        word(Phrase.YOUR_NUMBER), *marks, word(Phrase.AGAIN), *marks,
        *([word(mark)] if mark else ()),
        name_of(centre, service, lang), *_ahead(pack, waiting, word), *_range(pack, wait, word),
        word(Phrase.WILL_BE_CALLED),
        *(line(lang) for line in centre.wording.ticket_footer),
    ]  # fmt: skip


def _waits(person: Listener, service: str) -> tuple[int, tuple[int, int] | None]:
    issued = next(
        ticket for ticket in person.shown.hall.service.issued.values() if ticket.service == service
    )
    return issued.ahead, issued.wait_min


def _ahead(pack: Pack, waiting: int, word: Callable[[Phrase], str]) -> list[str]:
    if waiting < 2:
        return [word(Phrase.ONE_WAITING if waiting else Phrase.NOBODY_WAITING)]
    count = [str(each) for each in pack.count(waiting)]
    return [word(Phrase.BEFORE_YOU), *count, word(Phrase.PEOPLE)]


def _range(pack: Pack, wait: tuple[int, int] | None, word: Callable[[Phrase], str]) -> list[str]:
    if wait is None:
        return [word(Phrase.NOT_OPEN)]
    low, high = ([str(each) for each in pack.count(minutes)] for minutes in wait)
    span = high if low == high else [*low, word(Phrase.TO), *high]
    return [word(Phrase.ABOUT), *span, word(Phrase.MINUTES)]


def takes(person: Listener, name: str) -> list[str]:
    """Look for a service, take its number; return what is heard until all is said."""
    hall = person.shown.hall
    person.seek(name)
    heard = person.press(Key.CHOOSE)
    hall.until(lambda: hall.kiosk.session.page is Page.TICKET)
    return heard + person.listen()


def the_number(person: Listener) -> str:
    [issued] = person.shown.hall.service.issued.values()
    number: str = issued.number
    return number


def clock(pack: Pack, lang: str, hour: int, minute: int) -> list[str]:
    """Return the words of a time of the day."""
    hours = [str(each) for each in pack.count(hour)]
    minutes = [str(each) for each in pack.count(minute)] if minute else []
    of = [clips_of(lang)(Phrase.HOURS)] if lang == "vi" or not minute else []
    return hours + of + minutes


@pytest.mark.full
@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("service", SERVICES)
def test_a_number_on_a_black_screen_by_keys_alone(
    show: Any, person: Listener, packs: dict[str, Pack], centre: Centre, service: str, lang: str
) -> None:
    hall = stand(person, show).hall
    word = clips_of(lang)
    begins(person, lang)
    draw_the_curtain(person, lang)
    heard = takes(
        person, word(Phrase.GUIDANCE) if service == "HELP" else name_of(centre, service, lang)
    )
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
    person.shown.key(Key.CHOOSE)
    assert person.hears()[-1] == word(Phrase.SPEECH_ENDED)
    assert not is_black(person.shown.window.grabWindow()), "the next one sees"


@pytest.mark.full
@pytest.mark.parametrize("lang", LANGUAGES)
def test_who_has_priority_hears_so_from_the_switch_to_the_ticket(
    show: Any, person: Listener, packs: dict[str, Pack], centre: Centre, lang: str
) -> None:
    hall = stand(person, show).hall
    word = clips_of(lang)
    begins(person, lang)
    draw_the_curtain(person, lang)
    hint = centre.wording.priority_hint(lang)
    assert person.seek(word(Phrase.PRIORITY)) == [word(Phrase.PRIORITY), word(Phrase.OFF), hint]
    assert person.press(Key.CHOOSE) == [word(Phrase.PRIORITY), word(Phrase.ON), hint]
    heard = takes(person, name_of(centre, "CIVIL", lang))
    number = the_number(person)
    wanted = whole_ticket(person, packs[lang], centre, number, "CIVIL", lang)
    assert word(Phrase.PRIORITY_MARK) in wanted
    assert follows(heard, wanted), (heard, wanted)
    assert hall.service.of(IssueTicket)[-1].ticket_class is TicketClass.PRIORITY
    assert is_black(person.shown.window.grabWindow())


@pytest.mark.full
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_service_that_gives_none_is_told_where_it_stands_and_where_it_is_chosen(
    show: Any, person: Listener, centre: Centre, lang: str
) -> None:
    hall = stand(person, show).hall
    word = clips_of(lang)
    hall.service.standing("CIVIL", open=False, why="full")
    hall.service.publish()
    hall.until(lambda: not hall.kiosk.offer.tile("CIVIL").open)
    begins(person, lang)
    draw_the_curtain(person, lang)
    full = [name_of(centre, "CIVIL", lang), word(Phrase.FULL)]
    assert person.seek(*full) == full
    heard = person.press(Key.CHOOSE)
    assert heard == [*full, word(Phrase.GO_TO_COUNTER), word(Phrase.TO_FIRST_PAGE)]
    assert not hall.service.of(IssueTicket)
    assert word(Phrase.CHOOSE_SERVICE) in person.press(Key.CHOOSE)
    assert is_black(person.shown.window.grabWindow()), "the same person stands there"


@pytest.mark.full
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_hall_that_is_closed_tells_its_hours(
    show: Any, person: Listener, packs: dict[str, Pack], centre: Centre, lang: str
) -> None:
    hall = stand(person, show).hall
    word, at = clips_of(lang), partial(clock, packs[lang], lang)
    hall.closes()
    heard = person.press(Key.CHOOSE)
    hours = [
        word(Phrase.OUT_OF_HOURS),
        word(Phrase.MORNING), *at(7, 30), word(Phrase.TO), *at(11, 30),
        word(Phrase.AFTERNOON), *at(13, 30), word(Phrase.TO), *at(17, 0),
    ]  # fmt: skip
    if lang == "en":
        person.seek(clips_of("vi")(Phrase.LANGUAGE), key=Key.BACK)
        heard = person.press(Key.CHOOSE)
    assert follows(heard, hours), heard
    assert follows(heard, [word(Phrase.HOW_TO), *hours]), "and they are the first stop"
    draw_the_curtain(person, lang)
    name = name_of(centre, "CIVIL", lang)
    when = [name, word(Phrase.OPENS_AT), *at(13, 0)]
    assert person.seek(name) == when
    assert follows(person.press(Key.CHOOSE), [*hours, word(Phrase.GO_TO_COUNTER)])
    assert not hall.service.of(IssueTicket)


STOPS = {
    Reason.PAPER_OUT: Phrase.PAPER_OUT,
    Reason.COVER_OPEN: Phrase.COVER_OPEN,
    Reason.CUTTER_ERROR: Phrase.CUTTER_ERROR,
    Reason.OVERHEATED: Phrase.OVERHEATED,
    Reason.OFFLINE: Phrase.PRINTER_OFFLINE,
    Reason.DEVICE_FAULT: None,
}


@pytest.mark.full
@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("reason", STOPS)
def test_without_paper_the_number_is_all_the_more_spoken(
    show: Any,
    person: Listener,
    packs: dict[str, Pack],
    centre: Centre,
    reason: Reason,
    lang: str,
) -> None:
    hall = stand(person, show).hall
    word = clips_of(lang)
    hall.printer.ends(PrintOutcome.FAILED, reason)
    begins(person, lang)
    draw_the_curtain(person, lang)
    heard = takes(person, name_of(centre, "TAX", lang))
    wanted = whole_ticket(person, packs[lang], centre, the_number(person), "TAX", lang)
    stopped = STOPS[reason]
    why = [word(stopped), word(Phrase.REMEMBER_OR_TELL)] if stopped else [word(Phrase.NO_PAPER)]
    assert follows(heard, [word(Phrase.REMEMBER_NUMBER), *why, *wanted]), heard
    assert word(Phrase.TAKE_PAPER) not in heard[heard.index(word(Phrase.REMEMBER_NUMBER)) :]
    again = person.seek(word(Phrase.YOUR_NUMBER))
    assert again == wanted[: len(again)]
    assert is_black(person.shown.window.grabWindow())


@pytest.mark.full
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_printer_that_stands_still_is_said_before_anything_is_chosen(
    show: Any, person: Listener, lang: str
) -> None:
    hall = stand(person, show).hall
    word = clips_of(lang)
    trouble = [word(Phrase.PAPER_OUT), word(Phrase.STILL_GIVES)]
    begins(person, lang)
    hall.kiosk.printing.tell_health(StationHealth(PrinterState.PAPER_OUT, {}))
    hall.until(lambda: person.shown.visible("banner"))
    assert person.listen() == trouble, "at once, whatever was read"
    assert person.seek(*trouble) == trouble, "and whenever it is looked for"


@pytest.mark.full
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_paper_that_may_be_missing_is_printed_again_by_keys(
    show: Any, person: Listener, centre: Centre, lang: str
) -> None:
    hall = stand(person, show).hall
    word = clips_of(lang)
    hall.printer.ends(PrintOutcome.UNKNOWN, Reason.INTERRUPTED)
    begins(person, lang)
    draw_the_curtain(person, lang)
    heard = takes(person, name_of(centre, "SI", lang))
    assert follows(heard, [word(Phrase.REMEMBER_NUMBER), word(Phrase.NO_PAPER)]), heard
    hall.printer.ends(PrintOutcome.PRINTED)
    person.seek(word(Phrase.PRINT_COPY))
    heard = person.press(Key.CHOOSE)
    assert word(Phrase.TAKE_COPY) in heard or word(Phrase.TAKE_COPY) in person.hears()
    assert len(hall.printer.papers) == 2


@pytest.mark.full
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_code_of_an_appointment_is_entered_letter_by_letter(
    show: Any, person: Listener, packs: dict[str, Pack], centre: Centre, lang: str
) -> None:
    first = replace(centre.services[0], appointment_hours=("08:00-11:00",))
    made = replace(centre, services=(first, *centre.services[1:]))
    hall = stand(person, show, of_centre=made).hall
    word, code = clips_of(lang), "7K3M9Q"
    begins(person, lang)
    draw_the_curtain(person, lang)
    hall.service.answering = False
    person.seek(word(Phrase.APPOINTMENT))
    assert word(Phrase.ENTER_CODE) in person.press(Key.CHOOSE)
    spoken = [mark(packs[lang], lang, letter) for letter in code]
    for at, letter in enumerate(spoken, 1):
        person.seek(letter)
        assert person.press(Key.CHOOSE) == [word(Phrase.CODE_SO_FAR), *spoken[:at]]
    person.seek(word(Phrase.TAKE_APPOINTED))
    person.press(Key.CHOOSE)
    hall.until(lambda: bool(hall.service.of(CheckIn)))
    refused = hall.service.of(CheckIn)[-1]
    wrong = plain(AppointmentRefusal(why=WhyNoAppointment.WRONG_CODE, at=hall.clock.now()))
    hall.service.reply(
        Reply(id=refused.id, ok=False, error=Error.UNKNOWN, message="no", result=wrong)
    )
    hall.until(lambda: hall.kiosk.session.page is Page.APPOINTMENT)
    assert word(Phrase.WRONG_CODE) in person.listen()
    hall.kiosk.erase_letter()
    for letter in code:
        hall.kiosk.type_letter(letter)
    person.listen()
    person.seek(word(Phrase.TAKE_APPOINTED))
    person.press(Key.CHOOSE)
    hall.until(lambda: len(hall.service.of(CheckIn)) == 2)
    command = hall.service.of(CheckIn)[-1]
    assert command.code == code
    issue = IssueTicket(service="CERT", ticket_class=TicketClass.APPOINTMENT)
    issued = hall.service._issue(issue)
    hall.service.reply(Reply(id=command.id, ok=True, result=plain(issued)))
    hall.until(lambda: hall.kiosk.session.page is Page.TICKET)
    wanted = whole_ticket(person, packs[lang], centre, issued.number, "CERT", lang)
    heard = person.listen()
    assert word(Phrase.APPOINTMENT_MARK) in wanted
    assert follows(heard, wanted), (heard, wanted)
    assert is_black(person.shown.window.grabWindow())


def mark(pack: Pack, lang: str, letter: str) -> str:
    """Return how one mark of a code is said."""
    if letter.isdigit():
        return str(pack.number(letter)[0])
    return clips_of(lang)(Phrase(f"letter_{letter.lower()}"))


@pytest.mark.full
@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_a_procedure_needs_is_heard_whole_and_its_number_taken(
    show: Any, person: Listener, packs: dict[str, Pack], centre: Centre, lang: str
) -> None:
    hall = stand(person, show).hall
    word, t = clips_of(lang), Words(lang)
    hall.kiosk.listener.use_procedures(document(centre))
    person.ear.learn(spoken_texts(hall.kiosk.listener.snapshot, LANGUAGES))
    begins(person, lang)
    draw_the_curtain(person, lang)
    person.seek(word(Phrase.PROCEDURES))
    person.press(Key.CHOOSE)
    person.seek(name_of(centre, "CIVIL", lang))
    assert person.press(Key.CHOOSE)[0] == name_of(centre, "CIVIL", lang)
    person.seek(BIRTH.name(lang))
    heard = person.press(Key.CHOOSE)
    lines = [[one.heading, one.text, one.note] for one in lines_of(BIRTH, t)]
    wanted = [BIRTH.name(lang), *(said for line in lines for said in line if said)]
    for _ in lines[1:]:
        heard += person.press(Key.NEXT)
    assert heard == wanted
    papers = t("In giấy cần chuẩn bị")
    assert person.press(Key.NEXT) == [papers]
    person.press(Key.CHOOSE)
    hall.until(lambda: bool(hall.printer.papers))
    assert not hall.service.of(IssueTicket)
    heard = takes(person, word(Phrase.TAKE_HERE))
    wanted = whole_ticket(person, packs[lang], centre, the_number(person), "CIVIL", lang)
    assert follows(heard, wanted), (heard, wanted)
    assert is_black(person.shown.window.grabWindow())
