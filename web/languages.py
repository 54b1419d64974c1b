"""The languages of citizens' pages: those of the hall, as far as this machine has their words."""

from config import Centre
from hall.citizen.session import languages_of
from hall.words import Words
from web.access import LANGUAGES, AnyRequest

_OWN = {"vi": "Tiếng Việt", "en": "English"}


def offered(centre: Centre | None) -> dict[str, str]:
    """Return what a page offers: language to its name in that language, in their order."""
    known = _OWN if centre is None else languages_of(centre)
    return {lang: name for lang, name in known.items() if Words(lang).lang == lang}


def asked_words(request: AnyRequest, centre: Centre | None, otherwise: str = "vi") -> Words:
    """Return the language that an address asks for, else another."""
    lang = request.query_params.get("lang", "")
    return Words(lang if lang in LANGUAGES or lang in offered(centre) else otherwise)
