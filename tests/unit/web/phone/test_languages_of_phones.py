"""A citizen's page in a language that only this hall has: offered, kept, told live."""

import json
from collections.abc import Callable
from contextlib import closing
from http.client import HTTPConnection
from socket import socket

import pytest
from msgspec.structs import replace

from bus.states import ServicesState, State
from config import Centre
from config.settings import OtherLanguage
from web.languages import offered

WAIT_S = 60


@pytest.fixture
def centre(centre: Centre, third_language: str) -> Centre:
    others = (
        OtherLanguage(code=third_language, name="Xéo"),
        OtherLanguage(code="zz", name="nobody has laid its words down"),
    )
    return replace(centre, identity=replace(centre.identity, other_languages=others))


def test_a_page_offers_the_languages_of_the_hall_whose_words_are_here(centre: Centre) -> None:
    assert offered(centre) == {"vi": "Tiếng Việt", "en": "English", "xx": "Xéo"}
    vietnamese = replace(centre.identity, languages=("vi",))
    assert list(offered(replace(centre, identity=vietnamese))) == ["vi", "xx"]
    assert list(offered(None)) == ["vi", "en"]


def test_a_phone_follows_its_number_in_the_halls_own_language(
    server: object,
    board_listener: socket,
    add_tickets: Callable[..., None],
    publish: Callable[[State], None],
    services: ServicesState,
) -> None:
    assert server
    add_tickets({})
    publish(services)
    host, port = board_listener.getsockname()
    with closing(HTTPConnection(host, port, timeout=WAIT_S)) as connection:

        def page(target: str) -> str:
            connection.request("GET", target)
            return connection.getresponse().read().decode()

        while 'lang="xx">Xéo</a>' not in (own := page("/t/paper-T0001")):
            pass  # the configuration is on its way
        assert '<html lang="vi">' in own
        shown = page("/t/paper-T0001?lang=xx")
        assert '<html lang="xx">' in shown
        assert "xx Số của quý vị" in shown
        assert 'lang="en">English</a>' in shown
        assert "/t/paper-T0001/events?lang=xx" in shown
        assert "/thu-tuc?lang=xx" not in page("/t?lang=zz")
        listed = page("/thu-tuc?lang=xx&field=CERT")
        assert '<html lang="xx">' in listed
        assert 'href="/thu-tuc?field=CERT&amp;lang=en" lang="en">English' in listed
        connection.request("GET", "/t/paper-T0001/events?lang=xx")
        with connection.getresponse() as stream:
            told = next(line for line in stream if line.startswith(b"data: "))
        assert "xx Số của quý vị" in json.loads(told[6:])["now"]["above"]
