import os
import signal
import sys
import threading
from collections.abc import Iterator

import pytest

from config import Stopping


@pytest.fixture
def stopping() -> Iterator[Stopping]:
    before = signal.getsignal(signal.SIGUSR1)
    yield Stopping(signal.SIGUSR1)
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGUSR1, before)


def test_without_a_signal_the_wait_ends_by_itself(stopping: Stopping) -> None:
    assert not stopping.wait(0.01)


def test_a_wait_ends_before_its_time_when_it_is_woken(stopping: Stopping) -> None:
    stopping.wake()
    assert not stopping.wait()
    assert not stopping.wait(0.01)


def test_more_wakes_than_anybody_waits_for_block_nobody(stopping: Stopping) -> None:
    for _ in range(100_000):
        stopping.wake()
    os.kill(os.getpid(), signal.SIGUSR1)
    assert stopping.wait()


def test_a_signal_is_kept_however_often_it_is_waited_for(stopping: Stopping) -> None:
    os.kill(os.getpid(), signal.SIGUSR1)
    os.kill(os.getpid(), signal.SIGUSR1)
    assert stopping.wait()
    assert stopping.wait(5)
    assert stopping.wait(5)


def test_a_signal_that_another_thread_is_given_ends_the_wait(stopping: Stopping) -> None:
    main = threading.main_thread().ident
    assert main is not None

    def take_the_signal() -> None:
        while sys._current_frames()[main].f_code is not Stopping.wait.__code__:
            threading.Event().wait(0.01)
        signal.pthread_kill(threading.get_ident(), signal.SIGUSR1)

    taker = threading.Thread(target=take_the_signal)
    taker.start()
    assert stopping.wait(60)
    taker.join()
