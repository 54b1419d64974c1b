"""Everything comes out in open formats, explained column by column, whatever its size."""

import csv
import hashlib
import json
import os
import resource
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from provisioning.backup.errors import BackupError
from provisioning.backup.export_command import command
from provisioning.backup.open_export import COLUMNS, README_FILE, column_name, export, file_name
from wait_log.open_rows import LEFT_OUT, TABLES

FILL = """
import sqlite3, sys
from sqlalchemy import create_engine
from wait_log import schema
with create_engine(f"sqlite:///{sys.argv[1]}").begin() as connection:
    schema.create(connection)
db = sqlite3.connect(sys.argv[1])
db.execute('''
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000)
    INSERT INTO ticket
    SELECT 'nhi-chieu', printf('T%07d', i), date('2020-01-01', '+' || (i / 500) || ' days'), '1',
        printf('%d', i), 'CERT', 'normal', 'vi', NULL, 'kiosk-1', 0, 'finished', i, 1, NULL,
        i, i, i, i, i, 60.0, 300.0, 0, 1, '', 0 FROM n
''')
db.commit()
"""


def test_everything_is_written_down(server: SimpleNamespace, tmp_path: Path) -> None:
    target = tmp_path / "export"
    counted = export(server.source.store, "nhi-chieu", target, server.now())
    with (target / "tickets.csv").open(encoding="utf-8", newline="") as file:
        tickets = list(csv.DictReader(file))
    assert [ticket["number"] for ticket in tickets] == ["2001", "2002", "2003"]
    assert tickets[0]["issued_at"].startswith("2026-11-23T01:0")
    assert tickets[0]["state"] == "called"
    assert "token" not in tickets[0]
    lines = (target / "events.jsonl").read_text(encoding="utf-8").splitlines()
    events = [json.loads(line) for line in lines]
    assert [event["seq"] for event in events] == list(range(1, counted["events"] + 1))
    assert events[-1]["body"]["kind"] == events[-1]["kind"]
    chain = bytes(32)
    for event in events:  # anybody can prove the log with a few lines
        chain = hashlib.sha256(chain + bytes.fromhex(event["digest"])).digest()
        assert chain.hex() == event["hash"]
    (centre,) = (target / "centre_versions.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(centre)["body"]["identity"]["site"] == "nhi-chieu"
    assert {path.name for path in target.iterdir()} == {README_FILE, *map(file_name, TABLES)}


def test_every_column_is_explained_in_both_languages(
    server: SimpleNamespace, tmp_path: Path
) -> None:
    written = {
        column_name(column.name)
        for table in TABLES.values()
        for column in table.c
        if column.name not in LEFT_OUT
    }
    assert written == set(COLUMNS)
    export(server.source.store, "nhi-chieu", tmp_path / "export", server.now())
    readme = (tmp_path / "export" / README_FILE).read_text(encoding="utf-8")
    for name in written:
        assert readme.count(f"\n  {name} ") >= 2, name
    assert "số như in trên phiếu" in readme
    assert "the number as on paper" in readme


def test_what_cannot_be_written_leaves_nothing(server: SimpleNamespace, tmp_path: Path) -> None:
    there = tmp_path / "there"
    there.mkdir()
    with pytest.raises(BackupError, match="there"):
        export(server.source.store, "nhi-chieu", there, server.now())
    (tmp_path / "file").write_text("")
    with pytest.raises(BackupError):
        export(server.source.store, "nhi-chieu", tmp_path / "file" / "x", server.now())
    with pytest.raises(BackupError):
        export(f"sqlite:///{tmp_path}/none.db", "nhi-chieu", tmp_path / "none", server.now())
    assert not (tmp_path / "none").exists()


def test_the_command(
    server: SimpleNamespace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = [str(tmp_path / "out"), "--data", str(server.data)]
    assert command(arguments) == 0
    assert str(tmp_path / "out") in capsys.readouterr().out
    assert command(arguments) == 1
    assert "out" in capsys.readouterr().err


@pytest.mark.full
def test_a_million_tickets_do_not_fill_the_memory(tmp_path: Path) -> None:
    """Rows of a million tickets are streamed within 250 MB."""
    store = tmp_path / "wait_log.db"
    subprocess.run([sys.executable, "-c", FILL, str(store)], check=True)
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    arguments = [str(tmp_path / "out"), "--data", str(tmp_path)]
    program = [sys.executable, "-m", "appliance", "export", *arguments]
    subprocess.run(program, check=True, env=os.environ | {"LANG": "C.UTF-8"})
    with (tmp_path / "out" / "tickets.csv").open("rb") as file:
        assert sum(1 for _ in file) == 1_000_001
    used_kb = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    assert used_kb <= max(before, 250_000)
