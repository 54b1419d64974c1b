"""`/thu-tuc`: what a person needs for each matter, for phones, PCs, and as the kiosk's document."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Template
from litestar.types import ControllerRouterHandler

from config.settings import Centre
from hall.procedures import Document, Procedure
from hall.procedures.alphabet import LETTERS, OTHER, letter_of, plain
from hall.words import Words
from web.access import PUBLIC, AnyRequest
from web.languages import asked_words, offered
from web.procedures.site import ProceduresSite

_HOME = "/thu-tuc"
_MOST_AT_ONCE = 60
"""More are shown by field, letter or search."""
_MOST_FOUND = 120
_LONGEST_SEARCH = 100


@dataclass(frozen=True, slots=True)
class Field:
    """A service that has procedures."""

    code: str
    name: str
    count: str
    address: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Procedures under one heading."""

    name: str
    procedures: Sequence[Procedure]


@dataclass(frozen=True, slots=True)
class Listing:
    """What the page of all procedures shows."""

    fields: Sequence[Field]
    letters: Sequence[tuple[str, str, bool]]
    """Each letter, its address, and whether it was chosen."""
    groups: Sequence[Group]
    asked: str
    search: str
    """What was typed."""
    found: int
    shown: int


def names_of(centre: Centre | None, lang: str) -> dict[str, str]:
    """Return what the services are called."""
    return {service.code: service.name(lang) for service in centre.services} if centre else {}


def listing(document: Document, centre: Centre | None, query: dict[str, str], t: Words) -> Listing:
    """Return the page for what was asked: `q`, `field` or `letter`."""
    names = names_of(centre, t.lang)
    every = document.procedures
    search = query.get("q", "").strip()[:_LONGEST_SEARCH]
    field, letter = query.get("field", ""), query.get("letter", "")
    asked = ""
    if search:
        wanted = [each for each in every if _matches(each, search, names)]
        asked = t("Kết quả tìm “{search}”", search=search)
    elif field:
        wanted = [each for each in every if each.service == field]
        asked = names.get(field, t("Việc khác"))
    elif letter:
        wanted = [each for each in every if letter_of(each.name(t.lang)) == letter]
        asked = t("Bắt đầu bằng {letter}", letter=letter)
    else:
        wanted = list(every) if len(every) <= _MOST_AT_ONCE else []
    shown = wanted[:_MOST_FOUND]
    return Listing(
        fields=[
            Field(
                code,
                names.get(code, t("Việc khác")),
                t.plural("{count} thủ tục", count),
                address(t, field=code),
                current=code == field and not search,
            )
            for code, count in _counted(every, names)
        ],
        letters=[(each, address(t, letter=each), each == letter) for each in letters(every, t)],
        groups=_groups(shown, names, t),
        asked=asked,
        search=search,
        found=len(wanted),
        shown=len(shown),
    )


def letters(procedures: Iterable[Procedure], t: Words) -> list[str]:
    """Return the letters under which there are names, in their order."""
    found = {letter_of(each.name(t.lang)) for each in procedures}
    return [letter for letter in (*LETTERS.upper(), OTHER) if letter in found]


def address(t: Words, path: str = _HOME, **query: str) -> str:
    """Return an address in the language of the page."""
    asked = query | ({"lang": t.lang} if t.lang != "vi" else {})
    return f"{path}?{urlencode(asked)}" if asked else path


@get(_HOME, opt=PUBLIC)
async def procedures_page(
    request: AnyRequest, procedures: NamedDependency[ProceduresSite]
) -> Template:
    """Answer with all procedures, or with those that were asked for."""
    published = await procedures.present()
    centre = procedures.state().centre
    t = asked_words(request, centre)
    query = dict(request.query_params)
    shown = await asyncio.to_thread(listing, published.document, centre, query, t)
    return _page("procedures.html", request, procedures, published.document, t, listing=shown)


@get(f"{_HOME}.json", opt=PUBLIC)
async def procedures_document(
    request: AnyRequest, procedures: NamedDependency[ProceduresSite]
) -> Response[bytes]:
    """Answer with the document; its ETag is its SHA-256."""
    published = await procedures.present()
    mark = f'"{published.sha256}"'
    headers = {"ETag": mark, "Cache-Control": "no-cache"}
    known = request.headers.get("if-none-match", "").split(",")
    if {mark, "*"} & {each.strip().removeprefix("W/") for each in known}:
        return Response(b"", status_code=304, headers=headers, media_type="application/json")
    return Response(published.body, headers=headers, media_type="application/json")


@get(f"{_HOME}/{{key:str}}", opt=PUBLIC)
async def procedure_page(
    key: FromPath[str], request: AnyRequest, procedures: NamedDependency[ProceduresSite]
) -> Template:
    """Answer with one procedure."""
    published = await procedures.present()
    t = asked_words(request, procedures.state().centre)
    found = published.document.find(key)
    if found is None:
        raise NotFoundException(t("Không có thủ tục này."))
    names = names_of(procedures.state().centre, t.lang)
    field = names.get(found.service, t("Việc khác"))
    return _page(
        "procedure.html", request, procedures, published.document, t,
        each=found, field=field, field_address=address(t, field=found.service),
    )  # fmt: skip


PROCEDURE_ROUTES: list[ControllerRouterHandler] = [
    procedures_page,
    procedures_document,
    procedure_page,
]


def _page(
    template: str,
    request: AnyRequest,
    site: ProceduresSite,
    document: Document,
    t: Words,
    **shown: object,
) -> Template:
    centre = site.state().centre
    identity = centre.identity if centre else None
    other = [pair for pair in request.query_params.multi_items() if pair[0] != "lang"]
    languages = [
        (lang, name, f"{request.url.path}?{urlencode([*other, ('lang', lang)])}")
        for lang, name in offered(centre).items()
        if lang != t.lang
    ]
    around = {
        "t": t,
        "centre": identity.name(t.lang) if identity else "",
        "place": identity.place(t.lang) if identity else "",
        "hotline": identity.hotline if identity else "",
        "example": document.example,
        "home": address(t),
        "to": lambda key: address(t, f"{_HOME}/{key}"),
        "languages": languages,
    }
    return Template(template, context=around | shown)


def _matches(procedure: Procedure, search: str, names: dict[str, str]) -> bool:
    words = (procedure.name.vi, procedure.name.en, names.get(procedure.service, ""))
    text = plain(" ".join(words))
    return all(part in text for part in plain(search).split())


def _counted(procedures: Sequence[Procedure], names: dict[str, str]) -> list[tuple[str, int]]:
    """Return the services that have procedures, in the centre's order, unknown ones last."""
    codes = [each.service for each in procedures]
    known = [code for code in names if code in codes]
    return [(code, codes.count(code)) for code in [*known, *sorted(set(codes) - set(known))]]


def _groups(shown: Sequence[Procedure], names: dict[str, str], t: Words) -> list[Group]:
    return [
        Group(names.get(code, t("Việc khác")), [each for each in shown if each.service == code])
        for code, _ in _counted(shown, names)
    ]
