"""Settings as the text of a TOML file, to be read again by `config.load`."""

import datetime as dt
from typing import Any

import msgspec
import tomli_w

from config.settings.base import Settings


def to_toml(settings: Settings) -> str:
    """Return the file that says `settings`; comments are nobody's business here."""
    plain = msgspec.to_builtins(settings, builtin_types=(dt.date,))
    return tomli_w.dumps(_without_none(plain))


def changes(settings: msgspec.Struct) -> dict[str, Any]:
    """Return, as plain values, what in `settings` is not the default."""
    return _changes(msgspec.to_builtins(settings), msgspec.to_builtins(type(settings)()))


def changes_to_toml(settings: Settings) -> str:
    """Return the short file that says what in `settings` is not the default."""
    return tomli_w.dumps(_without_none(changes(settings)))


def _changes(plain: dict[str, Any], defaults: dict[str, Any]) -> dict[str, Any]:
    changed: dict[str, Any] = {}
    for key, value in plain.items():
        default = defaults.get(key)
        if isinstance(value, dict) and isinstance(default, dict):
            inner = _changes(value, default)
            if inner:
                changed[key] = inner
        elif value != default:
            changed[key] = value
    return changed


def _without_none(table: dict[str, object]) -> dict[str, object]:
    """Return a table without its empty values, which TOML cannot write."""
    return {key: _clean(value) for key, value in table.items() if value is not None}


def _clean(value: object) -> object:
    if isinstance(value, dict):
        return _without_none(value)
    if isinstance(value, list | tuple):
        return [_clean(item) for item in value]
    return value
