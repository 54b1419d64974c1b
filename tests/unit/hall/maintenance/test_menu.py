import pytest

from hall.maintenance import menu as step
from hall.maintenance.menu import CODE_LETTERS, IDLE_S, LONGEST_PIN, Menu, Note, Page


def inside(page: Page = Page.MENU) -> Menu:
    return step.at(step.admitted(step.opened(0, has_pin=True)), page)


def test_without_a_pin_nobody_gets_further() -> None:
    menu = step.opened(5, has_pin=False)
    assert menu.page is Page.UNSET
    for page in set(Page) - {Page.CLOSED, Page.UNSET, Page.PIN}:
        assert step.at(menu, page).page is Page.UNSET


def test_no_page_behind_the_pin_is_reached_before_it() -> None:
    menu = step.opened(5, has_pin=True)
    assert menu.page is Page.PIN
    for page in set(Page) - {Page.CLOSED, Page.UNSET, Page.PIN}:
        assert step.at(menu, page).page is Page.PIN
        assert step.at(Menu(), page) == Menu()
    assert step.admitted(menu).admitted


def test_only_digits_make_a_pin_and_only_so_many() -> None:
    menu = step.opened(0, has_pin=True)
    for key in ("1", "x", "", "12", "٣", "2"):
        menu = step.typed(menu, key)
    assert menu.typed == "12"
    for _ in range(50):
        menu = step.typed(menu, "7")
    assert len(menu.typed) == LONGEST_PIN
    assert len(step.erased(menu).typed) == LONGEST_PIN - 1
    assert step.erased(step.opened(0, has_pin=True)).typed == ""


def test_a_code_has_no_letter_that_looks_like_another() -> None:
    assert len(CODE_LETTERS) == 32
    assert not set("ILOU") & set(CODE_LETTERS)
    menu = inside(Page.PAIRING)
    for key in "ABOLIC2u":
        menu = step.typed(menu, key)
    assert menu.typed == "ABC2"


def test_keys_belong_to_no_other_page() -> None:
    assert step.typed(inside(Page.VOLUME), "1").typed == ""


@pytest.mark.parametrize(
    ("page", "above"),
    [
        (Page.MENU, Page.CLOSED),
        (Page.PIN, Page.CLOSED),
        (Page.VOLUME, Page.MENU),
        (Page.ASK_MACHINE, Page.RESTART),
        (Page.ASK_PROGRAM, Page.RESTART),
    ],
)
def test_back_leads_where_one_came_from(page: Page, above: Page) -> None:
    menu = step.opened(0, has_pin=True) if page is Page.PIN else inside(page)
    assert step.back(menu).page is above


def test_it_closes_by_itself_when_nobody_has_touched_it_for_a_minute() -> None:
    menu = step.touched(inside(), 100)
    assert step.ticked(menu, 100 + IDLE_S - 0.1).open
    assert step.ticked(menu, 100 + IDLE_S) == Menu()
    assert step.ticked(Menu(), 1e9) == Menu()
    assert step.touched(Menu(), 5) == Menu()


def test_what_was_typed_goes_with_a_wrong_pin_and_stays_with_a_wrong_code() -> None:
    pin = step.typed(step.opened(0, has_pin=True), "4")
    assert step.noted(pin, Note.WRONG_PIN).typed == ""
    code = step.typed(inside(Page.PAIRING), "A")
    assert step.noted(code, Note.NOT_JOINED, "why").typed == "A"
    assert step.typed(step.noted(code, Note.NOT_JOINED, "why"), "B").why == ""
