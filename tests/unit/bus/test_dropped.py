import logging

import pytest

from bus.dropped import DroppedMessages


def test_the_first_of_a_sender_is_logged_and_the_rest_counted_once_a_minute(
    caplog: pytest.LogCaptureFixture, expected_warnings: list[str]
) -> None:
    expected_warnings.append("status dropped")
    elapsed = [0.0]
    dropped = DroppedMessages(lambda: elapsed[0])
    with caplog.at_level(logging.WARNING):
        for second in range(150):
            elapsed[0] = float(second)
            for _ in range(100):
                dropped.note("status", "kiosk-1", "no JSON")
        dropped.note("status", "board-1", "no JSON")
    said = [record.getMessage() for record in caplog.records]
    assert said == [
        "status dropped sender=kiosk-1 error=no JSON",
        "status dropped sender=kiosk-1 error=no JSON more=6000",
        "status dropped sender=kiosk-1 error=no JSON more=6000",
        "status dropped sender=board-1 error=no JSON",
    ]
