import os
import signal
from collections.abc import Iterator

import pytest

from config import Stopping


@pytest.fixture
def stopping() -> Iterator[Stopping]:
    before = signal.getsignal(signal.SIGUSR1)
    yield Stopping(signal.SIGUSR1)
    signal.signal(signal.SIGUSR1, before)


def test_without_a_signal_the_wait_ends_by_itself(stopping: Stopping) -> None:
    assert not stopping.wait(0.01)


def test_a_signal_is_kept_however_often_it_is_waited_for(stopping: Stopping) -> None:
    os.kill(os.getpid(), signal.SIGUSR1)
    os.kill(os.getpid(), signal.SIGUSR1)
    assert stopping.wait()
    assert stopping.wait(5)
    assert stopping.wait(5)
