"""The two words of a box that wants to be paired, and what the server watches meanwhile."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import msgspec
from litestar import Litestar, Response, post
from litestar.di import NamedDependency
from litestar.types import ControllerRouterHandler

from bus.discovery import Announcement
from bus.typed import read_json
from hall.model import Hall
from provisioning.certificate import own_names
from provisioning.connections import Connections, LogTail
from provisioning.errors import ProvisioningError
from provisioning.pairing.messages import (
    MOST_BYTES,
    Finish,
    Grant,
    GrantedDevice,
    Hello,
    Refusal,
)
from provisioning.pairing.offers import Offer, Offers, RefusedError, Why
from provisioning.site_server import SiteServer
from web.access import PUBLIC, AnyRequest, client_address
from web.guard import Pace
from web.server import Tls

_WATCH_S = 1.0
_RENEW_S = 60.0
_SEEN_S = 10.0
_NOT_FOUND = 404
_STATUS = {Why.NO_CODE: 410, Why.WRONG: 403, Why.TOO_FAST: 429, Why.UNAVAILABLE: 503}

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PairingSite:
    """What boxes are paired by; on a machine that is no site's server, nobody is."""

    hall: Hall
    server: SiteServer | None
    offers: Offers
    tls: Tls | None
    port: int
    """Where boxes reach this server."""
    pace: Pace
    """Of one address."""
    pace_of_all: Pace

    @property
    def available(self) -> bool:
        """Return whether boxes can be paired here."""
        return self.server is not None and self.tls is not None

    def grant(self, offer: Offer, address: str) -> Grant:
        """Make the accounts of a box that has proved to know the code; blocking."""
        server, centre = self.server, self.hall.state.centre
        if server is None or centre is None:
            raise ProvisioningError("the configuration has not been heard yet")
        known = [centre.device(device) for device in offer.devices]
        devices = tuple(
            GrantedDevice(id=each.id, role=each.role.value, counters=each.counters)
            for each in known
            if each is not None
        )
        if not devices:
            raise ProvisioningError("the configuration has none of these devices any more")
        box, password = server.boxes.pair(
            offer.name or offer.host,
            [device.id for device in devices],
            by=offer.by,
            address=address,
        )
        server.apply()
        return Grant(
            site=server.site,
            box=box,
            authority=server.authority.public.read_text(),
            server_name=server.authority.server_name,
            port=server.files.port,
            password=password,
            devices=devices,
        )


@post("/pairing/hello", opt=PUBLIC, status_code=200, request_max_body_size=MOST_BYTES)
async def hello(request: AnyRequest, pairing: NamedDependency[PairingSite]) -> Response[bytes]:
    """Take a box's half of SPAKE2."""
    body = await request.body()

    def begin() -> msgspec.Struct:
        said = read_json(body, Hello)
        return pairing.offers.hello(said, pairing.tls.digest if pairing.tls else b"")

    return await _answered(request, pairing, begin)


@post("/pairing/finish", opt=PUBLIC, status_code=200, request_max_body_size=MOST_BYTES)
async def finish(request: AnyRequest, pairing: NamedDependency[PairingSite]) -> Response[bytes]:
    """Take its proof, and give it what it needs."""
    body, address = await request.body(), client_address(request)

    def end() -> msgspec.Struct:
        said = read_json(body, Finish)
        return pairing.offers.finish(said, lambda offer: pairing.grant(offer, address))

    return await _answered(request, pairing, end)


PAIRING_ROUTES: list[ControllerRouterHandler] = [hello, finish]


async def _answered(
    request: AnyRequest, pairing: PairingSite, answer: Callable[[], msgspec.Struct]
) -> Response[bytes]:
    address = client_address(request)
    if not pairing.available:
        return _json(Refusal(error=Why.UNAVAILABLE.value), _NOT_FOUND)
    if not (pairing.pace.allows(address) and pairing.pace_of_all.allows("")):
        return _refused(Why.TOO_FAST)
    try:
        return _json(await asyncio.to_thread(answer), 200)
    except RefusedError as refused:
        if refused.why is Why.WRONG and pairing.server:
            audit = pairing.server.boxes.db.audit
            await asyncio.to_thread(audit, "", address, "pairing_refused")
        return _refused(refused.why)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return _refused(Why.WRONG)
    except (ProvisioningError, OSError) as error:
        _log.error("box not paired address=%s error=%s", address, error)
        return _refused(Why.UNAVAILABLE)


def _refused(why: Why) -> Response[bytes]:
    return _json(Refusal(error=why.value), _STATUS[why])


def _json(content: msgspec.Struct, status: int) -> Response[bytes]:
    return Response(msgspec.json.encode(content), status_code=status, media_type="application/json")


class SiteWatch:
    """Keeps accounts, certificate and what is known of boxes right while the pages are served."""

    def __init__(self, pairing: PairingSite, monotonic: Callable[[], float]) -> None:
        self.pairing = pairing
        self._monotonic = monotonic
        self._seen_s = monotonic()
        self.copied: tuple[str, ...] = ()
        """The boxes whose account was used from two addresses at once, by name."""
        self.take_certificate: Callable[[], None] = lambda: None
        """Has the listener serve the certificate that lies on the disk now."""

    @asynccontextmanager
    async def lifespan(self, _app: Litestar) -> AsyncIterator[None]:
        """Watch until the server ends."""
        server = self.pairing.server
        if server is None:
            yield
            return
        tasks = [asyncio.create_task(self._watch(server))]
        if self.pairing.available:
            tasks.append(asyncio.create_task(self._announce(server.site)))
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)

    async def _announce(self, site: str) -> None:
        """Be found by boxes that have no address, until cancelled."""
        names = await asyncio.to_thread(own_names)
        announcement = Announcement(site, names, self.pairing.port)
        try:
            await announcement.start()
            await asyncio.Event().wait()
        finally:
            await announcement.stop()

    async def _watch(self, server: SiteServer) -> None:
        connections, log = Connections(self._monotonic), LogTail(server.files.log)
        renewed_s, failing = self._monotonic() - _RENEW_S, ""
        beginning = True
        while True:
            try:
                if beginning:
                    await asyncio.to_thread(server.begin)
                    beginning = False
                await asyncio.to_thread(self._look, server, connections, log)
                if self._monotonic() >= renewed_s + _RENEW_S:
                    renewed_s = self._monotonic()
                    if await asyncio.to_thread(server.renew):
                        self.take_certificate()
                failing = ""
            except (ProvisioningError, OSError) as error:
                if str(error) != failing:
                    failing = str(error)
                    _log.error("boxes are not looked after error=%s", error)
            except Exception:  # noqa: BLE001 - outermost: revoked boxes would never be noticed again
                _log.exception("boxes were not looked after")
            await asyncio.sleep(_WATCH_S)

    def _look(self, server: SiteServer, connections: Connections, log: LogTail) -> None:
        """Follow the configuration and the broker's log; blocking."""
        if centre := self.pairing.hall.state.centre:
            server.take_roles({device.id: device.role.value for device in centre.devices})
        connections.take(log.lines())
        boxes = server.boxes.of_devices()
        if self._monotonic() >= self._seen_s + _SEEN_S:
            self._seen_s = self._monotonic()
            server.boxes.note_seen(connections.seen(boxes))
            server.apply()  # nothing, but where a write failed before
        for box, addresses in connections.copied(boxes).items():
            server.boxes.note_copied(box, addresses)
        self.copied = tuple(
            box.name or box.id for box in server.boxes.list() if box.active and box.copied_at
        )
