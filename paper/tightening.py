"""What a ticket gives up, step by step, when its texts are longer than its line should carry."""

from collections.abc import Callable
from typing import Any

import msgspec

from paper.layout import Block, Footer, Header, Hotline, Layout, Offline, Papers, Qr, Service

_LEAST = 24
"""Smaller type is drawn row by row and takes more bytes, not fewer."""

Tighter = Callable[[Layout], Layout]


def _smaller(kind: type[Service], factor: float) -> Tighter:
    def change(block: Any) -> Any:  # noqa: ANN401 - one of the blocks
        sizes = {dots: max(_LEAST, round(size * factor)) for dots, size in block.size.items()}
        return msgspec.structs.replace(block, size=sizes)

    return _each(kind, change)


def _with(kind: type[Block], **changes: object) -> Tighter:
    return _each(kind, lambda block: msgspec.structs.replace(block, **changes))


def _fewer_lines(kind: type[Header | Service | Papers | Offline | Footer], lines: int) -> Tighter:
    return _each(kind, lambda block: msgspec.structs.replace(block, lines=min(lines, block.lines)))


def _without(kind: type[Block]) -> Tighter:
    return _each(kind, lambda _block: None)


def _each(kind: type[Block], change: Callable[[Any], Any]) -> Tighter:
    def tighter(layout: Layout) -> Layout:
        changed = [change(each) if isinstance(each, kind) else each for each in layout.blocks]
        return msgspec.structs.replace(layout, blocks=tuple(each for each in changed if each))

    return tighter


TIGHTER: tuple[tuple[str, Tighter], ...] = (
    ("service in smaller type", _smaller(Service, 0.8)),
    ("service in smaller type", _smaller(Service, 0.8)),
    ("header on 2 lines at most", _fewer_lines(Header, 2)),
    ("footer on 2 lines at most", _fewer_lines(Footer, 2)),
    ("papers on 1 line each at most", _fewer_lines(Papers, 1)),
    ("footer on 1 line at most", _fewer_lines(Footer, 1)),
    ("header on 1 line at most", _fewer_lines(Header, 1)),
    ("no more than 4 papers", _with(Papers, most=4)),
    ("service on 1 line at most", _fewer_lines(Service, 1)),
    ("no footer", _without(Footer)),
    ("no hotline", _without(Hotline)),
    ("no more than 2 papers", _with(Papers, most=2)),
    ("the place without the centre", _with(Header, show=("place",))),
    ("no words above the code", _with(Qr, size=None)),
    ("no papers", _without(Papers)),
    ("1 line at most for what is offline", _fewer_lines(Offline, 1)),
)
"""In this order; each is added to those before."""
