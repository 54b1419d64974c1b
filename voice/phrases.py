"""The fixed phrases of a kiosk in a language: texts whose clips are in a pack like all others."""

from hall.citizen.phrases import Phrase, phrase_words
from hall.words import Words


def phrase_texts(lang: str) -> dict[Phrase, str]:
    """Return what a pack in `lang` has to say for a kiosk, by the catalogue of that language."""
    t = Words(lang)
    return {phrase: phrase_words(phrase, t) for phrase in Phrase}
