"""The addresses of the board: all that a public listener serves."""

import asyncio
from dataclasses import dataclass
from typing import Annotated, Any

import msgspec
from litestar import Request, get, post
from litestar.di import NamedDependency
from litestar.exceptions import (
    ClientException,
    NotFoundException,
    ServiceUnavailableException,
    TooManyRequestsException,
)
from litestar.params import FromPath, FromQuery
from litestar.response import File, Response, ServerSentEvent, Template
from litestar.static_files import create_static_files_router
from litestar.types import ControllerRouterHandler

from hall.words import Words
from web.access import PUBLIC
from web.assets import BOARD_STATIC, FOREVER, font
from web.board.media import KINDS, MediaShelf, Pictures
from web.board.pages import Pages
from web.board.query import PageQuery, read_query
from web.board.stream import BoardStream
from web.errors import QueryError
from web.guard import Pace


@dataclass(frozen=True, slots=True)
class BoardSite:
    """What the board's requests are answered from."""

    pages: Pages
    stream: BoardStream
    pace: Pace
    media: MediaShelf
    version: str


class Painted(msgspec.Struct, frozen=True):
    """A page's word: the scene `serial` is on its screen, or nobody sees the page any more.

    Its `token` came with its own stream, which no other site can read: that is what keeps others'
    pages from speaking for it.
    """

    token: Annotated[str, msgspec.Meta(max_length=64)]
    serial: Annotated[int, msgspec.Meta(ge=0)]
    visible: bool = True


MAX_WORD_BYTES = 512
_painted = msgspec.json.Decoder(Painted)
AnyRequest = Request[Any, Any, Any]


@get("/board", opt=PUBLIC)
async def board_page(
    request: AnyRequest, board: NamedDependency[BoardSite], lang: FromQuery[str] = "vi"
) -> Template:
    """Answer with the board."""
    query = _query(request, board)
    told = {"t": Words(lang), "version": board.version, "layout": query.layout}
    return Template("board.html", context=told)


@get("/board/events", opt=PUBLIC)
async def board_events(request: AnyRequest, board: NamedDependency[BoardSite]) -> ServerSentEvent:
    """Answer with the board's scenes as they come."""
    query = _query(request, board)
    if board.pages.full:
        raise ServiceUnavailableException("too many screens")
    return ServerSentEvent(board.stream.events(query), headers={"Cache-Control": "no-store"})


@post("/board/painted", status_code=204, opt=PUBLIC, request_max_body_size=MAX_WORD_BYTES)
async def board_painted(request: AnyRequest, board: NamedDependency[BoardSite]) -> None:
    """Take a page's word for what people see on it."""
    if not board.pace.allows(request.client.host if request.client else ""):
        raise TooManyRequestsException("too fast")
    try:
        said = _painted.decode(await request.body())
    except msgspec.DecodeError as error:
        raise ClientException("not a page's word") from error
    if not board.pages.take_frame(said.token, said.serial, visible=said.visible):
        raise NotFoundException("unknown page, connect again")


@get("/board/media", opt=PUBLIC)
async def board_media(board: NamedDependency[BoardSite]) -> Response[Pictures]:
    """Answer with the pictures that stand beside the calls."""
    pictures = await asyncio.to_thread(board.media.pictures)
    return Response(pictures, headers={"Cache-Control": "no-store"})


@get("/board/media/{name:str}", opt=PUBLIC)
async def board_picture(board: NamedDependency[BoardSite], name: FromPath[str]) -> File:
    """Answer with one of them."""
    file = await asyncio.to_thread(board.media.find, name)
    if file is None:
        raise NotFoundException
    return File(
        file,
        filename=name,
        media_type=KINDS[file.suffix.lower()],
        content_disposition_type="inline",
        headers={"Cache-Control": FOREVER.to_header()},
    )


BOARD_ROUTES: list[ControllerRouterHandler] = [
    board_page,
    board_events,
    board_painted,
    board_media,
    board_picture,
    font("/board/fonts/{name:str}"),
    create_static_files_router(
        "/board/static", [BOARD_STATIC], cache_control=FOREVER, opt=dict(PUBLIC)
    ),
]


def _query(request: AnyRequest, board: BoardSite) -> PageQuery:
    try:
        return read_query(request.query_params, board.pages.page_s)
    except QueryError as error:
        raise ClientException(str(error)) from error
