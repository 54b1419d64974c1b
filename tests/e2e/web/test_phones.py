"""Phones that follow their numbers: many of them, and more than there is room for."""

import logging
import time
from pathlib import Path

import pytest

from benchmarks.measure import percentile
from benchmarks.phones import following, presses_to_phones, refused_phones
from benchmarks.running import centre, link
from benchmarks.wire import answer
from bus.broker import free_port
from bus.commands import CancelTicket, IssuedTicket, IssueTicket, result_of
from web.phone.stream import MOST_PHONES

_log = logging.getLogger(__name__)
PHONES, PRESSES = 120, 20
"""As `benchmarks phones` does it with five hundred, which holds the promise of a second."""
MOST_S = 5.0
TIMES_OF_IDLE = 1.5
SLACK_MS = 250.0
"""What a machine that is busy with other work adds to either run."""

pytestmark = pytest.mark.full


def test_every_phone_hears_of_its_call_and_boards_hardly_notice(tmp_path: Path) -> None:
    idle = presses_to_phones(tmp_path, 0, PRESSES)
    busy = presses_to_phones(tmp_path, PHONES, PRESSES)
    assert len(busy.phones) == PRESSES + 1, "each who was called heard it"
    figures = {
        "phones p99": percentile(busy.phones, 0.99),
        "boards idle": percentile(idle.boards, 0.5),
        "boards busy": percentile(busy.boards, 0.5),
    }
    _log.info("%s", figures)
    assert figures["phones p99"] <= MOST_S * 1000, figures
    assert figures["boards busy"] <= TIMES_OF_IDLE * figures["boards idle"] + SLACK_MS, figures


def test_what_goes_beyond_is_refused_and_said_and_cancelling_goes_by_its_own_account(
    tmp_path: Path,
) -> None:
    port = free_port()
    box = tmp_path / "phones.toml"
    staff = free_port()
    box.write_text(f'[web]\nport = {staff}\nboard_host = "127.0.0.1"\nboard_port = {port}\n')
    with centre(tmp_path, "--always-open", "--device", str(box)) as (connection, _, _):
        kiosk, phones = link(connection, "kiosk-1"), link(connection, "web-public")
        kiosk.start()
        phones.start()
        try:
            issued = result_of(answer(kiosk, IssueTicket(service="CERT")), IssuedTicket)
            refused = refused_phones(port, issued.token, MOST_PHONES + 20)
            assert len(refused) == 20
            assert all(head.startswith(b"HTTP/1.1 503") for head in refused)
            assert all(head.endswith(b"too many phones\n") for head in refused)
            deadline = time.monotonic() + 60
            while refused_phones(port, issued.token, 1):  # the others go
                assert time.monotonic() < deadline
            with following(port, [issued]):
                with pytest.raises(RuntimeError, match="not_allowed"):
                    answer(kiosk, CancelTicket(token=issued.token))
                with pytest.raises(RuntimeError, match="unknown"):
                    answer(phones, CancelTicket(token="stranger"))
                assert answer(phones, CancelTicket(token=issued.token)).ok
        finally:
            kiosk.stop()
            phones.stop()
