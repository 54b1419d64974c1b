"""What `denluot voice` says, in Vietnamese or English."""

from collections.abc import Mapping
from pathlib import Path

import msgspec

from config.language import in_english
from config.settings import Text

_FILE = Path(__file__).with_name("texts.toml")


class Texts:
    """The texts in one language, Vietnamese unless the locale is English."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        """Choose the language by LC_ALL, LC_MESSAGES or LANG."""
        self._lang = "en" if in_english(environment) else "vi"
        self._texts = msgspec.toml.decode(_FILE.read_bytes(), type=dict[str, Text])

    def __call__(self, key: str, **values: object) -> str:
        """Return the text `key` with `values` filled in."""
        return self._texts[key](self._lang).format(**values)
