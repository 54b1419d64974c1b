"""The rows of a list, changed in place so that the list neither jumps nor flickers."""

from collections.abc import Sequence
from enum import IntEnum

from PySide6.QtCore import (
    QAbstractListModel,
    QByteArray,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
)

from hall.counter.view import Row

_Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


class _Role(IntEnum):
    TICKET = Qt.ItemDataRole.UserRole + 1
    NUMBER = Qt.ItemDataRole.UserRole + 2
    SERVICE = Qt.ItemDataRole.UserRole + 3
    CHIP = Qt.ItemDataRole.UserRole + 4
    WAITED = Qt.ItemDataRole.UserRole + 5
    LATE = Qt.ItemDataRole.UserRole + 6
    CALL = Qt.ItemDataRole.UserRole + 7
    CALLABLE = Qt.ItemDataRole.UserRole + 8


_ROLES = frozenset(_Role)


class TicketRows(QAbstractListModel):
    """The tickets of the list that is shown."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[Row] = []

    @property
    def rows(self) -> tuple[Row, ...]:
        """Return what is shown."""
        return tuple(self._rows)

    def show(self, rows: Sequence[Row]) -> None:
        """Become `rows`, with as few insertions, moves and removals as their order allows."""
        wanted = {row.ticket for row in rows}
        for index in reversed(range(len(self._rows))):
            if self._rows[index].ticket not in wanted:
                self.beginRemoveRows(_ROOT, index, index)
                del self._rows[index]
                self.endRemoveRows()
        for index, row in enumerate(rows):
            self._put(index, row)

    def rowCount(self, parent: _Index = _ROOT) -> int:  # noqa: N802
        """Return how many tickets there are."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> str | bool | None:
        """Return one cell."""
        row = self._rows[index.row()]
        if role not in _ROLES:
            return None
        if role == _Role.CALL:
            return row.call.text
        if role == _Role.CALLABLE:
            return row.call.enabled
        cell: str | bool = getattr(row, _Role(role).name.lower())
        return cell

    def roleNames(self) -> dict[int, QByteArray]:  # noqa: N802
        """Return the cells' names for QML."""
        return {role.value: QByteArray(role.name.lower().encode()) for role in _Role}

    def _put(self, index: int, row: Row) -> None:
        """Make `row` stand at `index`; those before it stand right already."""
        found = self._find(row.ticket, index)
        if found is None:
            self.beginInsertRows(_ROOT, index, index)
            self._rows.insert(index, row)
            self.endInsertRows()
            return
        if found != index:
            self.beginMoveRows(_ROOT, found, found, _ROOT, index)
            self._rows.insert(index, self._rows.pop(found))
            self.endMoveRows()
        if self._rows[index] != row:
            self._rows[index] = row
            self.dataChanged.emit(self.index(index), self.index(index))

    def _find(self, ticket: str, start: int) -> int | None:
        for index in range(start, len(self._rows)):
            if self._rows[index].ticket == ticket:
                return index
        return None
