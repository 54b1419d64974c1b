"""How a day's rows are found among those of many years."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Row, Select, create_engine
from sqlalchemy.dialects import sqlite

from wait_log.dialects import store_url
from wait_log.reader import SiteRows
from wait_log.store import open_store


class Plans(SiteRows):
    """Tells how SQLite goes about each statement, and finds nothing."""

    def __init__(self, url: str) -> None:
        super().__init__("test")
        self._engine = create_engine(url)
        self.plans: list[str] = []

    def all(self, statement: Select[Any]) -> Sequence[Row[Any]]:
        compiled = statement.compile(
            dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True}
        )
        with self._engine.connect() as connection:
            rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled}").all()
        self.plans += [row[-1] for row in rows]
        return ()

    def close(self) -> None:
        self._engine.dispose()


@pytest.mark.parametrize("ask", [SiteRows.tickets, SiteRows.calls])
def test_a_day_is_found_by_its_index(ask: Callable[[SiteRows, str], Any], tmp_path: Path) -> None:
    open_store(store_url(tmp_path), "test", lambda: "epoch").close()
    plans = Plans(store_url(tmp_path))
    ask(plans, "2026-11-23")
    plans.close()
    assert len(plans.plans) == 1
    assert "business_day" in plans.plans[0], "the whole site would be read"
