"""Settings as the text of a TOML file, to be read again by `config.load`."""

import datetime as dt

import msgspec
import tomli_w

from config.settings.base import Settings


def to_toml(settings: Settings) -> str:
    """Return the file that says `settings`; comments are nobody's business here."""
    plain = msgspec.to_builtins(settings, builtin_types=(dt.date,))
    return tomli_w.dumps(_without_none(plain))


def _without_none(table: dict[str, object]) -> dict[str, object]:
    """Return a table without its empty values, which TOML cannot write."""
    return {key: _clean(value) for key, value in table.items() if value is not None}


def _clean(value: object) -> object:
    if isinstance(value, dict):
        return _without_none(value)
    if isinstance(value, list | tuple):
        return [_clean(item) for item in value]
    return value
