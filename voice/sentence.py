"""A call as words and pauses, from the sentences of a pack."""

import re
from collections.abc import Container

from voice.numbers import Numbers
from voice.pack import Item, Pause, Template, Templates, number_items

_PAUSE = "|"
_NUMBER = "{number}"
_COUNTER = "{counter}"
_BREAKS = re.compile(r"(\{number\}|\|)")


def template_of(templates: Templates, *, again: bool, collects_result: bool) -> Template:
    """Return the sentence of a call, of one said again, and of results to be collected."""
    if collects_result:
        return templates.recall_result if again else templates.result
    return templates.recall if again else templates.call


def parts_of(template: Template) -> list[str]:
    """Return the texts of a sentence with `{number}` and `|` apart, however they were written."""
    pieces = (piece.strip() for text in template for piece in _BREAKS.split(text))
    return [piece for piece in pieces if piece]


def sentence(
    template: Template, number: str, counter: int, numbers: Numbers, clips: Container[str]
) -> tuple[Item, ...]:
    """Return the texts and pauses of a call.

    A text with the counter is one clip where `clips` has it, else it is put together from words.
    """
    items: list[Item] = []
    for part in parts_of(template):
        if part == _PAUSE:
            items.append(Pause.PHRASE)
        elif part == _NUMBER:
            items += number_items(number, numbers)
        elif _COUNTER in part:
            items += _counter(part, counter, numbers, clips)
        else:
            items.append(part)
    return tuple(items)


def as_text(items: tuple[Item, ...]) -> str:
    """Return the sentence as a text that a speech program reads with the same pauses."""
    text = " ".join("," if isinstance(item, Pause) else item for item in items)
    return text.replace(" ,", ",") + "."


def _counter(part: str, counter: int, numbers: Numbers, clips: Container[str]) -> list[Item]:
    words = numbers.count(counter)
    whole = part.replace(_COUNTER, " ".join(words))
    if whole in clips:
        return [whole]
    before, _, after = part.partition(_COUNTER)
    return [text for text in (before.strip(), *words, after.strip()) if text]
