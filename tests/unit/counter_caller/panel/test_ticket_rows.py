from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QModelIndex, Qt

from counter_caller.panel.counter_panel import TicketRows
from hall.counter.view import Row


def rows(*tickets: str, waited: str = "1 phút") -> tuple[Row, ...]:
    return tuple(Row(t, t, "Hộ tịch", "", waited, late=False) for t in tickets)


def changes(model: TicketRows) -> list[str]:
    seen: list[str] = []
    model.rowsInserted.connect(lambda *_: seen.append("insert"))
    model.rowsRemoved.connect(lambda *_: seen.append("remove"))
    model.rowsMoved.connect(lambda *_: seen.append("move"))
    model.dataChanged.connect(lambda *_: seen.append("change"))
    model.modelReset.connect(lambda *_: seen.append("reset"))
    return seen


def test_a_call_removes_one_row_and_leaves_the_others_alone() -> None:
    model = TicketRows()
    model.show(rows("a", "b", "c"))
    seen = changes(model)
    model.show(rows("b", "c"))
    assert seen == ["remove"]
    model.show(rows("b", "c", "d"))
    assert seen == ["remove", "insert"]
    model.show(rows("b", "c", "d", waited="2 phút"))
    assert seen == ["remove", "insert", "change", "change", "change"]
    model.show(rows("b", "c", "d", waited="2 phút"))
    assert len(seen) == 5


def test_cells_by_name() -> None:
    model = TicketRows()
    model.show(rows("1018"))
    names = {bytes(name.data()).decode(): role for role, name in model.roleNames().items()}
    cells = {"ticket", "number", "service", "chip", "waited", "late", "call", "callable"}
    assert set(names) == cells
    index = model.index(0)
    assert model.data(index, names["number"]) == "1018"
    assert model.data(index, names["late"]) is False
    assert model.data(index, Qt.ItemDataRole.DisplayRole) is None
    assert model.rowCount(index) == 0
    assert model.rowCount(QModelIndex()) == 1


orders = st.lists(st.sampled_from("abcdefgh"), unique=True)


@given(orders, orders)
def test_any_order_becomes_any_other(before: list[str], after: list[str]) -> None:
    model = TicketRows()
    model.show(rows(*before))
    model.show(rows(*after))
    assert model.rows == rows(*after)
    assert model.rowCount() == len(after)
