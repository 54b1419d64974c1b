"""What the server tells the window of the first start, which is another user's: lines of JSON."""

from typing import Annotated

from msgspec import Meta, Struct

from provisioning.first_start.ceremony import Stage

LONGEST_LINE = 8192
_Text = Annotated[str, Meta(max_length=200)]


class Seen(Struct, frozen=True, kw_only=True):
    """What is to be shown now. Whatever the window sends is a touch."""

    stage: Stage
    code: _Text = ""
    scanned: _Text = ""
    """What the QR code says."""
    left_s: Annotated[int, Meta(ge=0, le=3600)] = 0
    addresses: Annotated[tuple[_Text, ...], Meta(max_length=10)] = ()
    server: _Text = ""
    authority: _Text = ""
    trust: _Text = ""
    """Where a PC gets what it needs to trust the server."""
