"""The page "Theo cán bộ" is there only where the site has turned it on."""

from collections.abc import Callable
from datetime import datetime
from http.client import HTTPResponse

import msgspec
import pytest

from bus.codec import encode
from bus.memory import MemoryBus
from bus.states import ConfigState
from bus.topics import Topics
from config import Centre, centre_to_wire

HERE = "/waits/accounts"


@pytest.mark.usefixtures("service_bus")
def test_there_is_no_such_page_where_it_is_off(
    get: Callable[..., tuple[HTTPResponse, str]], wait_for: Callable[[str, str], str]
) -> None:
    wait_for("/counter", "Quầy 3")
    assert get(HERE)[0].status == 404
    assert HERE not in get("/waits")[1]


def test_it_is_there_once_the_site_has_turned_it_on(
    get: Callable[..., tuple[HTTPResponse, str]],
    wait_for: Callable[[str, str], str],
    service_bus: MemoryBus,
    centre: Centre,
    now: datetime,
) -> None:
    rules = msgspec.structs.replace(centre.rules, show_accounts=True)
    wire = centre_to_wire(msgspec.structs.replace(centre, rules=rules))
    topics = Topics("nhi-chieu")
    state = ConfigState(epoch="E", rev=2, at=now, version=2, centre=wire)
    service_bus.publish(topics.config(), encode(state), retain=True)
    assert HERE in wait_for("/waits", HERE)
    assert "Chưa có lượt nào trong ngày này" in get(f"{HERE}?day=nonsense")[1]
