"""A phone's word that it reached the centre becomes a setting: from then on papers carry a code."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bus.session import Session
from bus.typed import convert
from config import Centre
from hall.model import Hall
from provisioning.errors import SiteDbError
from provisioning.site_db import SiteDb
from wait_log.errors import StoreError
from web.phone.cancelling import came_by
from web.phone.reach import CheckTrust, Invitations, Reached, reached
from web.settings.applying import Result, apply
from web.settings.fields import plain
from web.settings.versions import Versions

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Confirming:
    """Takes phones' words."""

    hall: Hall
    link: Session
    versions: Versions
    db: SiteDb
    invitations: Invitations
    check_trust: CheckTrust
    now: Callable[[], datetime]

    @property
    def address(self) -> str:
        """Return the address that phones are to reach, as the settings have it."""
        centre = self.hall.state.centre
        return centre.identity.public_url if centre else ""

    async def confirm(self, code: str, host: str, client: str) -> Reached:
        """Take the word of a phone that came by `host` from `client`, with an invitation's code."""
        invited = self.invitations.find(code, self.address)
        if invited is None:
            return Reached.SPENT
        if not came_by(invited.address, host):
            return Reached.OTHER_ADDRESS
        secure = invited.address.startswith("https://")
        if secure and not await self.check_trust(invited.address):
            return Reached.UNTRUSTED
        if not await self._apply(invited.address, invited.account, secure=secure):
            return Reached.NOT_APPLIED
        self.invitations.spend()
        try:
            said = (invited.account, client, "phones_reach", invited.address)
            await asyncio.to_thread(self.db.audit, *said)
        except SiteDbError as error:
            _log.warning("not audited action=phones_reach error=%s", error)
        return Reached.CONFIRMED

    async def _apply(self, address: str, account: str, *, secure: bool) -> bool:
        """Apply the version in force with the phone's word; False where another came between."""
        try:
            version = await asyncio.to_thread(self.versions.newest)
        except StoreError as error:
            _log.warning("settings not readable error=%s", error)
            return False
        if version is None or version.centre["identity"]["public_url"] != address:
            return False
        centre = reached(convert(version.centre, Centre), self.now(), trusted=secure)
        outcome = await apply(self.link, version.number, plain(centre), account)
        return outcome.result is Result.APPLIED
