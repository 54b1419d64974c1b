from pathlib import Path

import pytest

from appliance.connection import (
    FILE_NAME,
    Account,
    Broker,
    Connection,
    read_connection,
    remove_connection,
    write_connection,
)
from appliance.errors import ApplianceError

CONNECTION = Connection(
    site="nhi-chieu",
    broker=Broker("127.0.0.1", 1883),
    web="http://127.0.0.1:8080",
    devices={"counter-3": Account("counter-3", "s3cret")},
)


def test_it_is_written_for_this_user_and_read_again(tmp_path: Path) -> None:
    write_connection(tmp_path, CONNECTION)
    assert (tmp_path / FILE_NAME).stat().st_mode & 0o777 == 0o600
    assert read_connection(tmp_path) == CONNECTION
    write_connection(tmp_path, CONNECTION)
    remove_connection(tmp_path)
    remove_connection(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_no_file_says_how_to_start(tmp_path: Path) -> None:
    with pytest.raises(ApplianceError, match=r"no centre runs on .*: start it with ./denluot run"):
        read_connection(tmp_path)


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text("{")
    with pytest.raises(ApplianceError, match=FILE_NAME):
        read_connection(tmp_path)
