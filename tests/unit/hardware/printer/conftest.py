import pytest

from hardware.printer import Ticket, sample_ticket


@pytest.fixture
def ticket() -> Ticket:
    return sample_ticket()
