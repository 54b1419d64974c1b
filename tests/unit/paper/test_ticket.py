from datetime import UTC, datetime

import msgspec
import pytest

from bus.vocabulary import Language, TicketClass
from config import Text, load_centre
from config.settings import Centre
from paper import Ticket, centre_ticket, encode_ticket
from paper.encode import BAND_ROWS
from paper.reading import Code, Raster, read_job

BUDGETS = {576: 14_000, 384: 9_000}
"""Bytes of a standard ticket by width of paper."""
SHORT_BUDGET = 4_800
"""Five seconds at 9600 baud."""


def reachable() -> Centre:
    centre = load_centre()
    url = "https://so.nhichieu.haiphong.gov.vn"
    identity = msgspec.structs.replace(centre.identity, public_url=url, reached_url=url)
    return msgspec.structs.replace(centre, identity=identity)


CENTRE = reachable()
CODES = [service.code for service in CENTRE.services]


def full(centre: Centre, code: str, lang: str) -> Ticket:
    """A ticket on which every block has something to say."""
    return centre_ticket(
        centre,
        number="8888",
        service=code,
        ticket_class=TicketClass.PRIORITY,
        lang=lang,
        ahead=28,
        wait_min=(110, 125),
        issued_at=datetime(2026, 11, 23, 1, 24, tzinfo=UTC),
        business_day="2026-11-23",
        token="7KQ2M9XW4TCB7KQ2M9XW4T",
    )


def long_named() -> Centre:
    """The built-in centre with names as long as halls have them."""
    service = msgspec.structs.replace(
        CENTRE.services[0],
        name=Text(
            vi="Đăng ký đất đai, tài sản gắn liền với đất", en="Registration of land and property"
        ),
    )
    identity = msgspec.structs.replace(
        CENTRE.identity,
        place=Text(vi="Phường Nguyễn Bỉnh Khiêm", en="Nguyễn Bỉnh Khiêm Ward"),
    )
    return msgspec.structs.replace(CENTRE, services=(service,), identity=identity)


@pytest.mark.parametrize("lang", Language)
@pytest.mark.parametrize("dots", BUDGETS)
@pytest.mark.parametrize("code", CODES)
def test_every_service_keeps_to_the_bytes(code: str, dots: int, lang: Language) -> None:
    job = encode_ticket(full(CENTRE, code, lang), dots)
    assert len(job) <= BUDGETS[dots]
    actions = list(read_job(job))
    assert all(action.height <= BAND_ROWS for action in actions if isinstance(action, Raster))
    assert any(isinstance(action, Code) for action in actions)


@pytest.mark.parametrize("lang", Language)
@pytest.mark.parametrize("dots", BUDGETS)
def test_long_names_keep_to_the_bytes(dots: int, lang: Language) -> None:
    assert len(encode_ticket(full(long_named(), "CERT", lang), dots)) <= BUDGETS[dots]


@pytest.mark.parametrize("dots", [576, 512, 384])
def test_the_short_ticket_comes_out_in_five_seconds_at_9600_baud(dots: int) -> None:
    tickets = [full(CENTRE, code, lang) for code in CODES for lang in Language]
    tickets += [full(long_named(), "CERT", lang) for lang in Language]
    assert max(len(encode_ticket(ticket, dots, slow=True)) for ticket in tickets) <= SHORT_BUDGET


@pytest.mark.parametrize("code", CODES)
def test_every_service_says_which_papers_to_have_ready(code: str) -> None:
    for lang in Language:
        papers = full(CENTRE, code, lang).papers
        assert 1 <= len(papers) <= 3
        assert all(papers)
    assert (
        full(CENTRE, code, Language.ENGLISH).papers
        != full(CENTRE, code, Language.VIETNAMESE).papers
    )


def test_the_code_leads_to_the_page_in_a_language_that_only_this_hall_has() -> None:
    addresses = [full(CENTRE, "CERT", lang).qr or "" for lang in ("vi", "en", "km")]
    assert [address.partition("?")[2] for address in addresses] == ["", "", "lang=km"]


def test_a_service_that_is_gone_keeps_its_code_and_asks_for_nothing() -> None:
    ticket = full(CENTRE, "OLD", Language.VIETNAMESE)
    assert (ticket.service, ticket.papers) == ("OLD", ())
