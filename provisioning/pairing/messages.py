"""What box and server say to each other while they pair: JSON over the staff's HTTPS."""

from typing import Annotated

from msgspec import Meta, Struct

MOST_BYTES = 4096
"""Of a request; an answer with the authority's certificate may have twice as many."""
_Element = Annotated[str, Meta(pattern=r"^[0-9a-f]{66}$")]
_Digest = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]
_ExchangeId = Annotated[str, Meta(min_length=1, max_length=40)]
_Short = Annotated[str, Meta(max_length=60)]
_Device = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]


class Hello(Struct, frozen=True, kw_only=True):
    """A box begins: its half of SPAKE2."""

    scanned: bool = False
    """By the secret of the QR code instead of the typed code."""
    element: _Element
    version: _Short = ""


class HelloReply(Struct, frozen=True, kw_only=True):
    """The server's half."""

    exchange: _ExchangeId
    element: _Element


class Finish(Struct, frozen=True, kw_only=True):
    """The box proves that it knows the code and saw the server's own certificate.

    It may be sent again when the answer was lost: the answer is then the same.
    """

    exchange: _ExchangeId
    confirmation: _Digest
    host: _Short = ""
    """What the box calls itself, for people."""


class FinishReply(Struct, frozen=True, kw_only=True):
    """A `Grant`, sealed for whoever knows the code: base64. That it opens proves the server."""

    sealed: Annotated[str, Meta(max_length=16_384)]


class Refusal(Struct, frozen=True, kw_only=True):
    """Why not, as one of `Why`; for how long the box should wait, if that helps."""

    error: _Short


class GrantedDevice(Struct, frozen=True, kw_only=True):
    """One of the devices that the box is from now on."""

    id: _Device
    role: _Short
    counters: Annotated[tuple[int, ...], Meta(max_length=99)] = ()


class Grant(Struct, frozen=True, kw_only=True):
    """Everything a box needs to belong to the site."""

    site: _Device
    box: _ExchangeId
    authority: Annotated[str, Meta(max_length=8000)]
    """The certificate of the site's authority, PEM."""
    server_name: Annotated[str, Meta(min_length=1, max_length=253)]
    port: Annotated[int, Meta(ge=1, le=65535)]
    """Of the broker, at the address where the box found the server."""
    password: Annotated[str, Meta(min_length=20, max_length=200)]
    devices: Annotated[tuple[GrantedDevice, ...], Meta(min_length=1, max_length=40)]
