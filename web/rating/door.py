"""What lets a paired tablet pass: its cookie, its own counter, and a form from its own page."""

import asyncio
import hashlib
import hmac
import logging
from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum

from litestar.datastructures import Cookie
from litestar.exceptions import NotAuthorizedException, PermissionDeniedException
from litestar.handlers import BaseRouteHandler

from provisioning.errors import SiteDbError
from provisioning.tablets import Tablet, Tablets
from web.access import AnyConnection, AnyRequest, require_csrf

COOKIE = "denluot-tablet"
SECURE_COOKIE = "__Host-denluot-tablet"
_KEPT_S = 400 * 24 * 60 * 60
"""As long as browsers keep any cookie; each visit begins it again."""
_STATE = "denluot_tablet"

_log = logging.getLogger(__name__)


class Why(StrEnum):
    """Why a vote, or a tablet, was refused."""

    UNPAIRED = "unpaired"
    OTHER_COUNTER = "other_counter"
    FORM = "form"
    """It came from a page of somebody else."""
    CODE = "code"
    TOO_FAST = "too_fast"
    NO_FACE = "no_face"
    NOT_SERVED = "not_served"
    TOO_LATE = "too_late"
    TWICE = "twice"


@dataclass(frozen=True, slots=True)
class Refusals:
    """How often what was refused since the process began."""

    counts: Counter[Why] = field(default_factory=Counter)

    def note(self, why: Why) -> None:
        """Count one."""
        self.counts[why] += 1
        _log.info("rating refused why=%s", why)


class UnpairedError(NotAuthorizedException):
    """A browser is no tablet of ours, or not any more."""


@dataclass(frozen=True, slots=True)
class TabletDoor:
    """Lets requests of paired tablets pass; who is logged in beside counts for nothing here."""

    tablets: Tablets
    refusals: Refusals
    secure: bool

    @property
    def cookie(self) -> str:
        """Return the name of the tablet's cookie."""
        return SECURE_COOKIE if self.secure else COOKIE

    async def admit(self, request: AnyConnection, _handler: BaseRouteHandler) -> None:
        """Find the tablet of a request; raises UnpairedError and PermissionDenied."""
        changing = request.scope.get("method") == "POST"
        secret = request.cookies.get(self.cookie, "")
        tablet = await asyncio.to_thread(self.tablets.find, secret)
        if tablet is None:
            if changing:
                self.refusals.note(Why.UNPAIRED)
            raise UnpairedError("no paired tablet")
        if request.path_params.get("counter") != tablet.counter:
            self.refusals.note(Why.OTHER_COUNTER)
            raise PermissionDeniedException("a tablet of another counter")
        if changing:
            try:
                await require_csrf(request, csrf_of(secret))
            except PermissionDeniedException:
                self.refusals.note(Why.FORM)
                raise
        try:
            await asyncio.to_thread(self.tablets.note_seen, tablet)
        except SiteDbError as error:  # a page can be shown from a disk that is full
            _log.warning("tablet's visit not noted error=%s", error)
        request.scope["state"][_STATE] = tablet

    def remembering(self, secret: str) -> Cookie:
        """Return the cookie by which a tablet is known from now on."""
        return Cookie(
            key=self.cookie,
            value=secret,
            path="/",
            max_age=_KEPT_S,
            httponly=True,
            samesite="strict",
            secure=self.secure,
        )


def tablet_of(request: AnyRequest) -> Tablet:
    """Return the tablet that a request was let in for."""
    found = request.scope["state"].get(_STATE)
    if not isinstance(found, Tablet):
        raise PermissionDeniedException("no paired tablet")
    return found


def csrf_of(secret: str) -> str:
    """Return what the forms of a tablet hold, which nobody has who has not its secret."""
    return hmac.new(secret.encode(errors="replace"), b"form", hashlib.sha256).hexdigest()
