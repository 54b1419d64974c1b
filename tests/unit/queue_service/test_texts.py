import pytest

from bus.vocabulary import Error
from queue_service.texts import message_of


def test_too_soon_says_how_long() -> None:
    assert message_of(Error.TOO_SOON, "vi", "6") == (
        "Số này đang được gọi. Xin chờ khoảng 6 giây nữa."
    )


@pytest.mark.parametrize("error", [error for error in Error if error is not Error.INVALID])
def test_what_is_for_those_who_look_into_it_is_said_to_nobody(error: Error) -> None:
    if error is not Error.TOO_SOON:
        assert "counter 3" not in message_of(error, "vi", "counter 3 has it")
