"""The check that a value names one thing only."""

from typing import Any

from config.errors import ConfigError


def no_twice(table: str, key: str, values: list[Any]) -> None:
    """Raise ConfigError naming the first of `values` that stands in `table` before."""
    for index, value in enumerate(values):
        first = values.index(value)
        if first != index:
            raise ConfigError(
                f"{key} {value!r} is already that of {table}[{first}] - at $.{table}[{index}].{key}"
            )
