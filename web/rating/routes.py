"""The addresses of a counter's tablet: its page, its news, and what is touched on it."""

import asyncio
import math
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

import msgspec
from jinja2 import Environment
from litestar import get, post
from litestar.di import NamedDependency
from litestar.exceptions import TooManyRequestsException
from litestar.params import FromPath
from litestar.response import Redirect, ServerSentEvent, ServerSentEventMessage, Template
from litestar.types import ControllerRouterHandler

from hall.model import Hall
from hall.words import Words
from provisioning.errors import SiteDbError
from provisioning.ratings import FACE_NAMES, face_of
from provisioning.tablets import Tablet, TabletCodes
from web.access import (
    PUBLIC,
    TABLET_CLASS,
    AnyRequest,
    client_address,
    from_own_site,
    words,
)
from web.desk import csrf_field
from web.forms import read_form
from web.guard import Pace
from web.rating.door import TabletDoor, Why, csrf_of, tablet_of
from web.rating.scene import Scene, TabletPages, scene_or_asleep
from web.waiting import first_of

_RETRY_MS = 1500
_BEAT_S = 4.0
_MOST_STREAMS = 100
_ASLEEP_AGAIN_S = 5
"""How often a page without script looks whether somebody was served."""
_UNPROCESSABLE = 422


@dataclass
class RatingSite:
    """What the tablets' requests are answered from."""

    hall: Hall
    door: TabletDoor
    pages: TabletPages
    codes: TabletCodes
    templates: Environment
    stopping: asyncio.Event
    monotonic: Callable[[], float]
    version: str
    pace: Pace
    """Of each tablet."""
    strangers: Pace
    """Of each address that types a code."""
    strangers_at_all: Pace
    streams: int = 0

    def context(self, request: AnyRequest, counter: int, scene: Scene) -> dict[str, object]:
        """Return what the page and its news are drawn from."""
        centre, t = self.hall.state.centre, Words(scene.lang)
        secret = request.cookies.get(self.door.cookie, "")
        reasons = centre.matters.rating_reasons if centre else ()
        return {
            "t": t,
            "english": Words("en"),
            "counter": counter,
            "scene": scene,
            "faces": [(face.value, t(name)) for face, name in FACE_NAMES.items()],
            "reasons": [(term.id, term.name(t.lang)) for term in reasons],
            "seconds": math.ceil(scene.left_s),
            "csrf_field": lambda: csrf_field(csrf_of(secret)),
        }

    def draw(self, request: AnyRequest, counter: int, scene: Scene) -> str:
        """Return what stands on the page now."""
        context = self.context(request, counter, scene)
        return self.templates.get_template("rating_scene.html").render(context)

    async def news(
        self, request: AnyRequest, tablet: Tablet
    ) -> AsyncIterator[ServerSentEventMessage]:
        """Yield what the page shows whenever that changes, and beats in between."""
        counter, shown, open_s = tablet.counter, "", 0.0
        self.streams += 1
        try:
            yield _event("hello", {"version": self.version}, _RETRY_MS)
            while not self.stopping.is_set():
                if not await self._in_use(tablet):
                    yield _event("gone", {})
                    return
                revision = self.pages.changes.revision
                scene = await scene_or_asleep(self.pages, counter)
                told: dict[str, object] = {
                    "key": scene.key,
                    "left_s": round(scene.left_s, 1),
                    "open_s": round(scene.open_s, 1),
                }
                if scene.key != shown:
                    told |= {"html": self.draw(request, counter, scene), "lang": scene.lang}
                if scene.key != shown or abs(open_s - scene.open_s) > 2 * _BEAT_S:
                    yield _event("scene", told)
                else:
                    yield _event("beat", {})
                shown, open_s = scene.key, scene.open_s
                rest_s = min(_BEAT_S, scene.open_s) if scene.open_s > 0 else _BEAT_S
                await first_of(self.pages.changes.since(revision), self.stopping, rest_s)
        finally:
            self.streams -= 1

    async def _in_use(self, tablet: Tablet) -> bool:
        try:
            return await asyncio.to_thread(self.door.tablets.in_use, tablet.id)
        except SiteDbError:
            return True  # nobody is sent away because a disk is full


@get("/rate", opt=PUBLIC)
async def pair_page(
    request: AnyRequest, rating_site: NamedDependency[RatingSite]
) -> Template | Redirect:
    """Answer with the form that takes a code; a paired tablet with its page."""
    secret = request.cookies.get(rating_site.door.cookie, "")
    tablet = await asyncio.to_thread(rating_site.door.tablets.find, secret)
    if tablet:
        return Redirect(f"/rate/{tablet.counter}", status_code=303)
    return _pair_page(request)


@post("/rate", opt=PUBLIC, status_code=200)
async def pair(
    request: AnyRequest, rating_site: NamedDependency[RatingSite]
) -> Template | Redirect:
    """Take a code from a tablet that is to be paired."""
    site, address, t = rating_site, client_address(request), words(request)
    if not (site.strangers.allows(address) and site.strangers_at_all.allows("")):
        site.door.refusals.note(Why.TOO_FAST)
        raise TooManyRequestsException("too fast")
    form = await read_form(request)
    code = site.codes.spend(form.text("code", 40)) if from_own_site(request.headers) else None
    if code is None:
        site.door.refusals.note(Why.CODE)
        db = site.door.tablets.db
        await asyncio.to_thread(db.audit, "", address, "tablet_refused")
        said = t("Mã không đúng hoặc đã hết hạn. Mời quý vị xin mã mới ở trang Thiết bị.")
        return _pair_page(request, said)
    secret = await asyncio.to_thread(
        site.door.tablets.pair, code.counter, by=code.by, address=address
    )
    return Redirect(
        f"/rate/{code.counter}", status_code=303, cookies=[site.door.remembering(secret)]
    )


@get("/rate/{counter:int}", opt=TABLET_CLASS)
async def rating_page(
    counter: FromPath[int], request: AnyRequest, rating_site: NamedDependency[RatingSite]
) -> Template:
    """Answer with what a counter's tablet shows now."""
    scene = await scene_or_asleep(rating_site.pages, counter)
    if scene.left_s <= 0:
        scene = Scene("asleep", scene.key)
    asleep = Scene("asleep", "asleep")
    again_s = math.ceil(scene.left_s) + 1 if scene.left_s else _ASLEEP_AGAIN_S
    return Template(
        "rating.html",
        context={
            **rating_site.context(request, counter, scene),
            "asleep": asleep,
            "asleep_words": Words(asleep.lang),
            "again_s": again_s,
        },
        cookies=[rating_site.door.remembering(request.cookies[rating_site.door.cookie])],
    )


@get("/rate/{counter:int}/events", opt=TABLET_CLASS)
async def rating_news(
    counter: FromPath[int], request: AnyRequest, rating_site: NamedDependency[RatingSite]
) -> ServerSentEvent:
    """Answer with the page's news as they come."""
    del counter  # the door has compared it
    if rating_site.streams >= _MOST_STREAMS:
        raise TooManyRequestsException("too many tablets")
    news = rating_site.news(request, tablet_of(request))
    return ServerSentEvent(news, headers={"Cache-Control": "no-store"})


@post("/rate/{counter:int}/vote", opt=TABLET_CLASS, status_code=303)
async def vote(
    counter: FromPath[int], request: AnyRequest, rating_site: NamedDependency[RatingSite]
) -> Redirect:
    """Count a face that was touched."""
    _require_pace(rating_site, counter)
    form = await read_form(request)
    await rating_site.pages.vote(counter, form.text("ticket", 80), face_of(form.text("face", 4)))
    return Redirect(f"/rate/{counter}", status_code=303)


@post("/rate/{counter:int}/reasons", opt=TABLET_CLASS, status_code=303)
async def give_reasons(
    counter: FromPath[int], request: AnyRequest, rating_site: NamedDependency[RatingSite]
) -> Redirect:
    """Take why, or that nobody wants to say it."""
    _require_pace(rating_site, counter)
    form = await read_form(request)
    await rating_site.pages.give_reasons(counter, form.text("ticket", 80), form.all("reason"))
    return Redirect(f"/rate/{counter}", status_code=303)


@post("/rate/{counter:int}/skip", opt=TABLET_CLASS, status_code=303)
async def skip(
    counter: FromPath[int], request: AnyRequest, rating_site: NamedDependency[RatingSite]
) -> Redirect:
    """Ask nothing more of this person."""
    _require_pace(rating_site, counter)
    form = await read_form(request)
    rating_site.pages.skip(counter, form.text("ticket", 80))
    return Redirect(f"/rate/{counter}", status_code=303)


RATING_ROUTES: list[ControllerRouterHandler] = [
    pair_page,
    pair,
    rating_page,
    rating_news,
    vote,
    give_reasons,
    skip,
]


def _require_pace(site: RatingSite, counter: int) -> None:
    if not site.pace.allows(str(counter)):
        site.door.refusals.note(Why.TOO_FAST)
        raise TooManyRequestsException("too fast")


def _pair_page(request: AnyRequest, wrong: str = "") -> Template:
    return Template(
        "rating_pair.html",
        context={"t": words(request), "wrong": wrong},
        status_code=_UNPROCESSABLE if wrong else 200,
    )


def _event(name: str, told: dict[str, object], retry: int | None = None) -> ServerSentEventMessage:
    return ServerSentEventMessage(event=name, data=msgspec.json.encode(told).decode(), retry=retry)
