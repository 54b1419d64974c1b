"""A day by account, read from the log that the engine has written."""

from types import SimpleNamespace

from bus import commands as c
from wait_log.by_account import account_figures


def _served(desk: SimpleNamespace, by: str, seconds: float, *, undo: bool = False) -> None:
    """Call, serve and finish somebody at counter 3 on a page of `by`."""
    desk.issue("CERT")
    called = desk.send("web", c.CallNext, counter=3, current=None, by=by)
    assert called.ok, called
    ticket = called.result["ticket"]
    desk.send("web", c.StartServing, counter=3, ticket=ticket, by=by)
    desk.clock.advance(seconds)
    done = desk.send("web", c.Finish, counter=3, ticket=ticket, by=by)
    assert done.ok, done
    if undo:
        assert desk.send("web", c.Undo, event=str(done.rev), by=by).ok
        desk.send("counter-3", c.Finish, counter=3, ticket=ticket)


def test_counts_what_each_account_ended(desk: SimpleNamespace) -> None:
    desk.send("counter-3", c.OpenCounter, counter=3)
    _served(desk, "hoa", 300.0)
    _served(desk, "hoa", 100.0)
    _served(desk, "lan", 60.0, undo=True)
    day = desk.state.day.isoformat()
    with desk.reader() as reader:
        figures = account_figures(reader, day)
        assert account_figures(reader, "2020-01-01") == []
    told = [(row.account, row.served, round(row.mean_service_s or 0)) for row in figures]
    assert told == [("", 1, 60), ("hoa", 2, 200)], "what was undone is nobody's"
