"""Guessing codes: counted by number and in all, whoever asks."""

import random

import pytest

from bus.paper_code import ALPHABET, LETTERS, code_of, shown_code
from web.phone.cancelling import came_by
from web.phone.codes import WrongCodes, read_number, token_with
from web.phone.reach import LIVES_S, Invitations


def test_a_hundred_thousand_guesses_open_nothing() -> None:
    at_s, chance = [0.0], random.Random(7)
    codes = WrongCodes(lambda: at_s[0])
    tokens = {f"{1000 + serial}": f"paper-{serial}" for serial in range(500)}
    looked_at = 0
    for guess in range(100_000):
        at_s[0] = guess / 100  # a hundred a second, for a quarter of an hour
        number = f"{1000 + guess % 500}"
        if codes.take(number):
            looked_at += 1
            typed = "".join(chance.choices(ALPHABET, k=LETTERS))
            assert token_with([tokens[number]], typed) is None
    assert looked_at == codes.wrong < 300 + 1000 * 5 + 1
    assert codes.refused == 100_000 - looked_at


def test_one_number_is_guessed_at_eight_times_and_then_once_a_minute() -> None:
    at_s = [0.0]
    codes = WrongCodes(lambda: at_s[0])
    assert sum(codes.take("2005") for _ in range(1000)) == 8
    assert codes.take("2006"), "others are not kept out"
    at_s[0] = 61.0
    assert [codes.take("2005") for _ in range(3)] == [True, False, False]


def test_the_right_code_costs_nothing() -> None:
    codes = WrongCodes(lambda: 0.0)
    for _ in range(50):
        assert codes.take("2005")
        codes.give_back("2005")
    assert (codes.wrong, codes.refused) == (0, 0)


def test_numbers_that_do_not_exist_fill_no_memory() -> None:
    codes = WrongCodes(lambda: 0.0, in_all=10_000, most=100)
    for number in range(1000):
        codes.take(str(number))
    assert len(codes._numbers) == 100


@pytest.mark.parametrize(
    ("typed", "number"),
    [("2005", "2005"), (" 20 05 ", "2005"), ("a-105", "A105"), ("", None), ("../x", None)],
)
def test_numbers_are_read_kindly(typed: str, number: str | None) -> None:
    assert read_number(typed) == number
    assert read_number("1" * 50) is None
    assert read_number("٢٠٠٥") is None


def test_the_code_leads_to_its_own_paper() -> None:
    tokens = ["paper-1", "paper-2"]
    assert token_with(tokens, shown_code(code_of("paper-2")).lower()) == "paper-2"
    assert token_with(tokens, "") is None
    assert token_with([], code_of("paper-1")) is None


@pytest.mark.parametrize(
    ("address", "host", "came"),
    [
        ("https://so.vn", "so.vn", True),
        ("https://so.vn", "so.vn:443", True),
        ("https://so.vn/", "SO.VN", True),
        ("http://10.0.0.5:8081", "10.0.0.5:8081", True),
        ("http://10.0.0.5:8081", "10.0.0.5", False),
        ("https://so.vn", "so.vn:8081", False),
        ("https://so.vn", "10.0.0.5:8081", False),
        ("https://so.vn", "so.vn:x", False),
        ("", "", False),
    ],
)
def test_by_which_address_a_phone_came(address: str, host: str, came: bool) -> None:
    assert came_by(address, host) is came


def test_an_invitation_is_for_one_address_and_a_quarter_of_an_hour() -> None:
    at_s = [0.0]
    invitations = Invitations(lambda: at_s[0])
    first = invitations.make("http://10.0.0.5:8081", "lan")
    made = invitations.make("http://10.0.0.5:8081", "lan")
    assert invitations.find(first.code, made.address) is None
    assert invitations.find(made.code, "http://10.0.0.6:8081") is None
    assert invitations.find(made.code, made.address) == made
    assert invitations.find("ă", made.address) is None
    at_s[0] = LIVES_S
    assert invitations.find(made.code, made.address) is None
