"""Two people's changes of the same version, put together."""

from collections.abc import Mapping, Sequence
from typing import Any

_KEYS = ("code", "number", "id", "date", "hours", "kiosk")


def merged(base: Any, theirs: Any, mine: Any, *, prefer_mine: bool) -> Any:  # noqa: ANN401 - plain values
    """Return `theirs` with the changes from `base` to `mine`.

    Where both changed the same value, `prefer_mine` says whose counts.
    """
    if mine in (base, theirs):
        return theirs
    if theirs == base:
        return mine
    if all(isinstance(each, Mapping) for each in (base, theirs, mine)):
        return _tables(base, theirs, mine, prefer_mine=prefer_mine)
    key = _key_of(base, theirs, mine)
    if key is None:
        return mine if prefer_mine else theirs
    tables = [{item[key]: item for item in each} for each in (base, theirs, mine)]
    return list(_tables(*tables, prefer_mine=prefer_mine).values())


def _tables(
    base: Mapping[Any, Any],
    theirs: Mapping[Any, Any],
    mine: Mapping[Any, Any],
    *,
    prefer_mine: bool,
) -> dict[Any, Any]:
    result: dict[Any, Any] = {}
    for key in [*theirs, *(key for key in mine if key not in theirs)]:
        if key in base and key in theirs and key in mine:
            result[key] = merged(base[key], theirs[key], mine[key], prefer_mine=prefer_mine)
        elif key not in base and key in theirs and key in mine:
            result[key] = mine[key] if prefer_mine else theirs[key]
        elif key not in base:
            result[key] = mine[key] if key in mine else theirs[key]
        else:
            _keep_removed(result, key, base, theirs, mine, prefer_mine=prefer_mine)
    return result


def _keep_removed(
    result: dict[Any, Any],
    key: object,
    base: Mapping[Any, Any],
    theirs: Mapping[Any, Any],
    mine: Mapping[Any, Any],
    *,
    prefer_mine: bool,
) -> None:
    """Leave out what one side has removed, unless the other has changed it and counts more."""
    left = theirs.get(key, mine.get(key))
    changed, by_mine = left != base[key], key in mine
    if changed and by_mine == prefer_mine:
        result[key] = left


def _key_of(*lists: object) -> str | None:
    """Return what tells the tables of lists apart, where something does."""
    items = [item for each in lists if isinstance(each, Sequence) for item in each]
    if not items or not all(isinstance(item, Mapping) for item in items):
        return None
    for key in _KEYS:
        if all(key in item for item in items) and all(
            len({str(item[key]) for item in each}) == len(each)
            for each in lists
            if isinstance(each, Sequence)
        ):
            return key
    return None
