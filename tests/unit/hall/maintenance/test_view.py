from datetime import UTC, datetime

import pytest

from bus.vocabulary import PrinterState
from hall.maintenance import menu as step
from hall.maintenance.menu import Menu, Note, Page
from hall.maintenance.view import BoxFacts, MaintenanceView, TrialPage, VoiceFacts, maintenance_view
from hall.words import Words

VI, EN = Words("vi"), Words("en")
SECRET = "471986"


def inside(page: Page) -> Menu:
    return step.at(step.admitted(step.opened(0, has_pin=True)), page)


def show(menu: Menu, t: Words = VI, **facts: object) -> MaintenanceView:
    return maintenance_view(menu, BoxFacts(**facts), t)  # type: ignore[arg-type]


def test_a_closed_menu_shows_nothing() -> None:
    assert show(Menu()) == MaintenanceView()


def test_a_machine_without_a_pin_says_how_to_set_one() -> None:
    view = show(step.opened(0, has_pin=False))
    assert view.lines[0].value == "sudo denluot pin"
    assert view.keys == ()


def test_a_pin_is_never_on_the_screen() -> None:
    menu = step.opened(0, has_pin=True)
    for key in SECRET:
        menu = step.typed(menu, key)
    view = show(menu)
    assert view.typed == "●●●●●●"
    assert SECRET not in repr(view)


def test_after_wrong_pins_it_says_for_how_long_and_takes_no_keys() -> None:
    view = show(step.opened(0, has_pin=True), wait_s=29.2)
    assert view.note == "Đã sai nhiều lần. Mời thử lại sau 0:30."
    assert view.keys == ()


def test_a_loudspeaker_that_is_not_heard_cannot_be_set() -> None:
    voices = (VoiceFacts("announcer-1", "Sảnh", 0.65), VoiceFacts("announcer-2", "", None))
    heard, silent = show(inside(Page.VOLUME), voices=voices).lines
    assert heard.value == "65 %"
    assert [button.does for button in heard.buttons] == [
        "quieter:announcer-1",
        "louder:announcer-1",
    ]
    assert (silent.label, silent.good, silent.buttons) == ("Loa 2", False, ())


@pytest.mark.parametrize("state", list(PrinterState))
def test_every_state_of_a_printer_has_words(state: PrinterState) -> None:
    line = show(inside(Page.PRINTER), printers={"front": state}).lines[0]
    assert line.value
    well, odd = state is PrinterState.READY, state in (PrinterState.PAPER_LOW, PrinterState.UNKNOWN)
    assert line.good is (None if odd else well)


@pytest.mark.parametrize(
    ("trial", "says", "troubled"),
    [
        (TrialPage(printing=True), "Đang in", False),
        (TrialPage(printed=True), "xác nhận đã in", False),
        (TrialPage(printed=None), "mời nhìn giấy", False),
        (TrialPage(printed=False, trouble="paper_out"), "thay cuộn giấy mới", True),
        (TrialPage(printed=False, trouble="what_is_this"), "có sự cố", True),
    ],
)
def test_a_test_page_says_what_became_of_it(trial: TrialPage, says: str, troubled: bool) -> None:
    view = show(inside(Page.PRINTER), test=trial)
    assert says in view.note
    assert view.troubled is troubled


def test_the_network_page_tells_the_cable_from_the_server() -> None:
    cut = show(inside(Page.NETWORK), broker="10.1.2.3:8883")
    assert [line.good for line in cut.lines] == [False, None, False, False, None]
    assert "dây mạng" in cut.lines[0].value
    well = show(
        inside(Page.NETWORK),
        addresses=("10.1.2.40",),
        broker="10.1.2.3:8883",
        connected=True,
        service=True,
        contact=datetime(2026, 11, 23, 8, 24, 5, tzinfo=UTC),
    )
    assert [line.good for line in well.lines] == [True, None, True, True, None]
    assert well.lines[-1].value == "08:24:05"


def test_pairing_shows_the_code_in_two_halves_and_what_came_of_it() -> None:
    menu = inside(Page.PAIRING)
    for key in "AB2":
        menu = step.typed(menu, key)
    assert show(menu).typed == "AB2· ····"
    assert show(step.noted(menu, Note.JOINING)).keys == ()
    failed = show(step.noted(menu, Note.NOT_JOINED, "mã đã hết hạn"))
    assert "mã đã hết hạn" in failed.note
    assert failed.troubled
    joined = show(step.noted(menu, Note.JOINED))
    assert [button.does for button in joined.buttons] == ["ask_program"]


@pytest.mark.parametrize("page", [Page.ASK_PROGRAM, Page.ASK_MACHINE])
def test_a_restart_is_asked_for_twice_and_no_is_the_large_answer(page: Page) -> None:
    no, yes = show(inside(page)).buttons
    assert (no.does, no.main) == ("keep", True)
    assert yes.does == page.value.replace("ask", "restart")


def test_without_systemd_it_says_so() -> None:
    view = show(step.noted(inside(Page.RESTART), Note.NO_SYSTEMD))
    assert "systemd" in view.note
    assert view.troubled


@pytest.mark.parametrize("page", sorted(set(Page) - {Page.CLOSED}))
def test_every_page_has_english(page: Page) -> None:
    menu = step.opened(0, has_pin=page is not Page.UNSET)
    if page not in (Page.UNSET, Page.PIN):
        menu = inside(page)
    vietnamese, english = show(menu, VI), show(menu, EN)
    assert vietnamese.title
    assert english.title not in ("", vietnamese.title)
    assert english.text == "" or english.text != vietnamese.text
