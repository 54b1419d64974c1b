"""Which language a command speaks to whoever typed it."""

from collections.abc import Mapping


def in_english(environment: Mapping[str, str]) -> bool:
    """Return whether LC_ALL, LC_MESSAGES or LANG asks for English; else it is Vietnamese."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if environment.get(name):
            return environment[name].startswith("en")
    return False
