"""The web applications: the staff's with all rooms, and the public one."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment
from litestar import Litestar, MediaType, Request, Response
from litestar.di import Provide
from litestar.exceptions import HTTPException, NotAuthorizedException
from litestar.handlers import BaseRouteHandler
from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.response import Redirect, Template
from litestar.static_files import create_static_files_router
from litestar.template import TemplateConfig
from litestar.types import ControllerRouterHandler, ExceptionHandlersMap, Guard

from bus.session import Session
from hall.model import Hall
from hall.words import N_
from provisioning.errors import SiteDbError
from web.access import LANGUAGES, PUBLIC, Door, require_route_classes, visitor, words
from web.assets import FOREVER, STATIC, font, load_templates
from web.board.routes import BOARD_ROUTES, BoardSite
from web.ca import CA_ROUTES
from web.devices.voices import VOICE_FILES
from web.guard import MAX_BODY_BYTES, add_careful_headers
from web.healthz import healthz
from web.phone.routes import PHONE_ROUTES, public_home
from web.procedures.public import PROCEDURE_ROUTES
from web.rating.door import UnpairedError
from web.waiting import LoopOwner

_log = logging.getLogger(__name__)

_UNAVAILABLE = 503
_FAILED = 500
_LOOK_S = 1.0
_REFUSALS = {
    400: N_("Địa chỉ hoặc nội dung gửi lên chưa đúng. Mời quý vị quay lại và xem lại."),
    403: N_("Không mở được: trang không dành cho tài khoản này, hoặc biểu mẫu đã quá cũ."),
    404: N_("Không có trang này."),
    413: N_("Nội dung gửi lên quá lớn."),
    429: N_("Quá nhanh. Mời quý vị thử lại sau giây lát."),
    503: N_("Máy chủ đang bận. Mời quý vị thử lại sau giây lát."),
}

Lifespan = Callable[[Litestar], AbstractAsyncContextManager[None]]


def create_staff_app(
    routes: Sequence[ControllerRouterHandler],
    sites: dict[str, object],
    door: Door,
    templates: Environment,
    lifespan: list[Lifespan],
) -> Litestar:
    """Return the application with all rooms; each of `sites` is provided by its name."""
    static = create_static_files_router(
        "/static", [STATIC], cache_control=FOREVER, opt=dict(PUBLIC)
    )
    app = _litestar(
        [
            *routes,
            *BOARD_ROUTES,
            *CA_ROUTES,
            *PHONE_ROUTES,
            *PROCEDURE_ROUTES,
            *VOICE_FILES,
            healthz,
            font("/fonts/{name:str}"),
            static,
        ],
        {
            **{name: _provide(site) for name, site in sites.items()},
            "visitor": Provide(visitor, sync_to_thread=False),
            "t": Provide(words, sync_to_thread=False),
        },
        templates,
        lifespan,
        guards=[door.admit],
    )
    require_route_classes(app)
    return app


def create_public_app(sites: dict[str, object]) -> Litestar:
    """Return an application for a public listener: boards, phones, health, what PCs trust."""
    app = _litestar(
        [
            *BOARD_ROUTES,
            *CA_ROUTES,
            *PHONE_ROUTES,
            *PROCEDURE_ROUTES,
            *VOICE_FILES,
            public_home,
            healthz,
        ],
        {name: _provide(site) for name, site in sites.items()},
        load_templates(),
        [],
    )
    require_route_classes(app)
    return app


@asynccontextmanager
async def following(
    link: Session,
    owner: LoopOwner,
    hall: Hall,
    board: BoardSite,
    close: Callable[[], None],
    _app: Litestar,
) -> AsyncIterator[None]:
    """Start and stop `link`, keep the boards right meanwhile, `close` at the end."""
    owner.take_loop()
    link.start()
    tasks = [asyncio.create_task(board.pages.keep()), asyncio.create_task(_looking(hall))]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
        await asyncio.to_thread(link.stop)
        close()


async def _looking(hall: Hall) -> None:
    """Notice a service that falls silent."""
    while True:
        await asyncio.sleep(_LOOK_S)
        hall.look()


def _litestar(
    routes: Sequence[ControllerRouterHandler],
    dependencies: dict[str, Provide],
    templates: Environment,
    lifespan: list[Lifespan],
    guards: list[Guard] | None = None,
) -> Litestar:
    handlers: ExceptionHandlersMap = {
        UnpairedError: _to_pairing,
        NotAuthorizedException: _to_login,
        SiteDbError: _no_accounts,
        HTTPException: _refused_page if guards else _refused,
        Exception: _failed,
    }
    _read_signatures(routes)
    return Litestar(
        routes,
        dependencies=dependencies,
        guards=guards,
        lifespan=lifespan,
        template_config=TemplateConfig(instance=JinjaTemplateEngine.from_environment(templates)),
        exception_handlers=handlers,
        before_send=[add_careful_headers],
        request_max_body_size=MAX_BODY_BYTES,
        openapi_config=None,
        logging_config=None,
    )


def _read_signatures(routes: Sequence[ControllerRouterHandler]) -> None:
    """Read each handler once: an application takes copies, and two of ours share many."""
    for route in routes:
        if isinstance(route, BaseRouteHandler):
            _ = route.parsed_fn_signature


def _provide(source: object) -> Provide:
    return Provide(lambda: source, use_cache=True, sync_to_thread=False)


def _to_login(request: Request[Any, Any, Any], _error: NotAuthorizedException) -> Redirect:
    """Send somebody who is not logged in to the login, and from there to what they asked for."""
    asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    wanted = {"next": asked} if request.method == "GET" and asked != "/" else {}
    lang = request.query_params.get("lang")
    wanted |= {"lang": lang} if lang in LANGUAGES else {}
    return Redirect(f"/login?{urlencode(wanted)}" if wanted else "/login", status_code=303)


def _to_pairing(_request: Request[Any, Any, Any], _error: UnpairedError) -> Redirect:
    """Send a browser that is no tablet of ours to where a code makes it one."""
    return Redirect("/rate", status_code=303)


def _no_accounts(request: Request[Any, Any, Any], error: SiteDbError) -> Response[str]:
    _log.error("accounts not readable path=%s error=%s", request.url.path, error)
    t = words(request)
    said = t(
        "Chưa mở được kho tài khoản trên máy chủ. Mời quý vị thử lại, hoặc báo người quản trị "
        "xem nhật ký của máy."
    )
    return Response(f"{said}\n", status_code=_UNAVAILABLE, media_type=MediaType.TEXT)


def _refused(_request: Request[Any, Any, Any], error: HTTPException) -> Response[str]:
    return Response(f"{error.detail}\n", status_code=error.status_code, media_type=MediaType.TEXT)


def _refused_page(
    request: Request[Any, Any, Any], error: HTTPException
) -> Response[str] | Template:
    """Say to people on a page, and to programs in a line, what cannot be."""
    if "text/html" not in request.headers.get("accept", ""):
        return _refused(request, error)
    t = words(request)
    said = t(_REFUSALS.get(error.status_code, _REFUSALS[400]))
    return Template("refused.html", context={"t": t, "said": said}, status_code=error.status_code)


def _failed(request: Request[Any, Any, Any], error: Exception) -> Response[str]:
    _log.error("request failed path=%s", request.url.path, exc_info=error)
    return Response("internal error\n", status_code=_FAILED, media_type=MediaType.TEXT)
