"""Codes under attack: guessed, five at once, used again, too late."""

import threading
from dataclasses import dataclass, field

import msgspec
import pytest

from provisioning.errors import PairingError, SiteDbError
from provisioning.pairing.codes import LETTERS
from provisioning.pairing.exchange import DeviceSide
from provisioning.pairing.messages import Finish, FinishReply, Grant, GrantedDevice, Hello
from provisioning.pairing.offers import (
    GOOD_FOR_S,
    MOST_ATTEMPTS,
    Fate,
    Offer,
    Offers,
    RefusedError,
    Why,
)

CERTIFICATE = bytes(32)


@dataclass
class Server:
    now_s: float = 100.0
    granted: list[Offer] = field(default_factory=list)
    broken: bool = False

    def __post_init__(self) -> None:
        self.offers = Offers(lambda: self.now_s)

    def begin(self) -> Offer:
        return self.offers.begin("Máy lấy số", ("kiosk-1",), by="chu-tich", address="10.0.0.5")

    def grant(self, offer: Offer) -> Grant:
        if self.broken:
            raise SiteDbError("disk full")
        self.granted.append(offer)
        return Grant(
            site="nhi-chieu",
            box="0011",
            authority="PEM",
            server_name="server.nhi-chieu.denluot.internal",
            port=8883,
            password="p" * 40,
            devices=(GrantedDevice(id="kiosk-1", role="kiosk"),),
        )

    def hello(self, code: str, *, scanned: bool = False) -> tuple[DeviceSide, Finish]:
        side = DeviceSide(code, CERTIFICATE, scanned=scanned)
        reply = self.offers.hello(Hello(element=side.element, scanned=scanned), CERTIFICATE)
        return side, Finish(exchange=reply.exchange, confirmation=side.take(reply.element))

    def attempt(self, code: str, *, scanned: bool = False) -> Grant:
        side, finish = self.hello(code, scanned=scanned)
        return opened(side, self.offers.finish(finish, self.grant))

    def refuses(self, code: str) -> Why:
        with pytest.raises(RefusedError) as refused:
            self.attempt(code)
        return refused.value.why


def opened(side: DeviceSide, reply: FinishReply) -> Grant:
    return msgspec.json.decode(side.open(reply.sealed), type=Grant)


def other_than(code: str) -> str:
    return code[:-1] + LETTERS[(LETTERS.index(code[-1]) + 1) % 32]


@pytest.fixture
def server(expected_warnings: list[str]) -> Server:
    expected_warnings.append("pairing code wrong")
    return Server()


@pytest.mark.parametrize("scanned", [False, True])
def test_the_code_pairs_one_box_and_never_another(server: Server, scanned: bool) -> None:
    offer = server.begin()
    secret = offer.secret if scanned else offer.code
    assert server.attempt(secret, scanned=scanned).password == "p" * 40
    assert (offer.fate, server.granted) == (Fate.PAIRED, [offer])
    assert server.refuses(offer.code) is Why.NO_CODE
    assert server.granted == [offer]


def test_five_wrong_ones_kill_it_and_the_sixth_may_be_right(server: Server) -> None:
    offer = server.begin()
    for _ in range(MOST_ATTEMPTS):
        assert server.refuses(other_than(offer.code)) is Why.WRONG
    assert server.refuses(offer.code) is Why.NO_CODE
    assert (offer.fate, server.granted) == (Fate.ATTEMPTS, [])


def test_four_slips_leave_it_good(server: Server) -> None:
    offer = server.begin()
    for _ in range(MOST_ATTEMPTS - 1):
        assert server.refuses(other_than(offer.code)) is Why.WRONG
    assert server.attempt(offer.code)


def test_attempts_that_were_begun_at_once_are_counted_before_they_are_checked(
    server: Server,
) -> None:
    offer = server.begin()
    outcomes: list[Why | str] = []
    together = threading.Barrier(20)

    def guess() -> None:
        together.wait()
        try:
            server.attempt(other_than(offer.code))
        except RefusedError as refused:
            outcomes.append(refused.why)

    threads = [threading.Thread(target=guess) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count(Why.WRONG) <= MOST_ATTEMPTS
    assert len(outcomes) == 20
    assert offer.fate is Fate.ATTEMPTS
    assert server.refuses(offer.code) is Why.NO_CODE


def test_whoever_only_begins_uses_attempts_up_too(server: Server) -> None:
    offer = server.begin()
    for _ in range(MOST_ATTEMPTS):
        server.hello(other_than(offer.code))
    assert server.refuses(offer.code) is Why.NO_CODE
    assert server.granted == []


def test_after_five_minutes_nobody_is_paired_not_even_who_began_before(server: Server) -> None:
    offer = server.begin()
    server.now_s += GOOD_FOR_S - 1
    _, finish = server.hello(offer.code)
    server.now_s += 1
    with pytest.raises(RefusedError):
        server.offers.finish(finish, server.grant)
    assert server.refuses(offer.code) is Why.NO_CODE
    assert (offer.fate, server.granted) == (Fate.TIME, [])


def test_a_new_code_ends_the_one_before_and_one_can_be_withdrawn(server: Server) -> None:
    first, second = server.begin(), server.begin()
    assert first.fate is Fate.WITHDRAWN
    assert server.refuses(first.code) is Why.WRONG
    server.offers.withdraw()
    assert server.refuses(second.code) is Why.NO_CODE


def test_an_answer_that_was_lost_is_the_same_again_and_makes_no_second_account(
    server: Server,
) -> None:
    offer = server.begin()
    side, finish = server.hello(offer.code)
    first = server.offers.finish(finish, server.grant)
    assert server.offers.finish(finish, server.grant) == first
    assert opened(side, first).box == "0011"
    assert len(server.granted) == 1
    wrong = msgspec.structs.replace(finish, confirmation="0" * 64)
    with pytest.raises(RefusedError):
        server.offers.finish(wrong, server.grant)
    server.now_s += 61
    with pytest.raises(RefusedError):
        server.offers.finish(finish, server.grant)


def test_what_was_heard_of_another_pairing_helps_nobody(server: Server) -> None:
    offer = server.begin()
    _, finish = server.hello(offer.code)
    sealed = server.offers.finish(finish, server.grant)
    second = server.begin()
    assert server.offers.finish(finish, server.grant) == sealed  # still for its own box alone
    assert second.fate is Fate.OPEN
    assert len(server.granted) == 1


def test_a_server_that_cannot_make_the_account_keeps_the_code_good(server: Server) -> None:
    offer = server.begin()
    server.broken = True
    with pytest.raises(SiteDbError):
        server.attempt(offer.code)
    server.broken = False
    assert server.attempt(offer.code)


def test_nonsense_is_refused(server: Server) -> None:
    offer = server.begin()
    with pytest.raises(RefusedError) as refused:
        server.offers.hello(Hello(element="41" + "ff" * 32), CERTIFICATE)
    assert refused.value.why is Why.WRONG
    with pytest.raises(RefusedError):
        server.offers.finish(Finish(exchange="unknown", confirmation="0" * 64), server.grant)
    with pytest.raises(PairingError):
        DeviceSide(offer.code, CERTIFICATE).take("42" + "ff" * 32)
