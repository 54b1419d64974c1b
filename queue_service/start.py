"""Put a service together from what it runs on."""

import logging
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bus.session import Session
from config import Centre, Clock
from queue_service.engine import Engine, Sources
from queue_service.ledger import Ledger
from queue_service.queue_time import QueueTime
from queue_service.records import instant
from queue_service.service import Service
from queue_service.verify import check_at_start
from wait_log.dialects import sqlite_file, store_url
from wait_log.errors import StoreError
from wait_log.reader import Reader
from wait_log.store import open_store

_log = logging.getLogger(__name__)

_TOKEN_BYTES = 9


@dataclass(frozen=True, slots=True)
class Place:
    """Where a service lives."""

    data: Path
    """Where its files are: the embedded store too, unless another is named."""
    clock: Clock
    boot: str
    new_id: Callable[[], str]
    approved_day: Callable[[], date | None] = lambda: None
    revoked: Callable[[], frozenset[str]] = frozenset
    """The devices whose box was revoked."""
    failpoint: Callable[[str], None] = lambda _name: None
    real_monotonic: Callable[[], float] = time.monotonic
    store: str | None = None
    """The URL of the store, for one that is not in `data` and may hold several sites."""
    keep_months: int = 0
    """For how many months tickets are kept; 0 keeps them for ever."""
    without_copy: Callable[[], str] = str
    """Who has just accepted that no copy keeps the store, once; empty when nobody has."""


def open_engine(place: Place, centre: Centre, *, always_open: bool = False) -> Engine:
    """Open the store and take up the day; raises StoreError or ServiceError."""
    url = store_url(place.data, place.store)
    embedded = sqlite_file(url) is not None and place.store is None
    store = open_store(
        url,
        centre.identity.site,
        place.new_id,
        place.failpoint,
        examine=lambda reader: _examine(reader, alone=embedded),
        without_copy=place.without_copy(),
        memory=place.data,
    )

    def queue_time(newest_us: int) -> QueueTime:
        return QueueTime(place.clock.now, place.clock.monotonic, place.boot, instant(newest_us))

    sources = Sources(
        place.new_id,
        _new_token,
        place.approved_day,
        without_copy=place.without_copy,
        revoked=place.revoked,
        open_reader=lambda: Reader(url, centre.identity.site),
        keep_months=place.keep_months,
    )
    try:
        return Engine(Ledger(store, queue_time), centre, sources, always_open=always_open)
    except BaseException:
        store.close()
        raise


def open_service(
    place: Place, centre: Centre, link: Session, *, always_open: bool = False
) -> Service:
    """Return a service that is ready to start."""
    return service_of(open_engine(place, centre, always_open=always_open), place, link)


def service_of(
    engine: Engine, place: Place, link: Session, on_lost: Callable[[], None] = lambda: None
) -> Service:
    """Return a service of an engine; `on_lost` is called when another takes over."""
    return Service(
        engine,
        link,
        place.clock.real_s,
        place.real_monotonic,
        place.failpoint,
        on_lost=on_lost,
    )


def boot_of(clock: Clock, boot_id_file: Path) -> str:
    """Return what names the life of the monotonic clock: the machine's boot and the set clock."""
    try:
        boot = boot_id_file.read_text().strip()
    except OSError:
        boot = secrets.token_hex(8)
    return f"{boot}{f'@{clock}' if str(clock) else ''}"


def _examine(reader: Reader, *, alone: bool) -> None:
    """Look at a store that is there; raises StoreError when nothing may be written to it."""
    sites = reader.sites()
    others = ", ".join(site for site in sites if site != reader.site)
    if alone and others:
        raise StoreError(f"the store is that of {others}; use another --data")
    if reader.site not in sites:
        return
    verdict = check_at_start(reader)
    if verdict.first_seq > 1:
        _log.info("store checked from seq=%s; `denluot verify` checks all of it", verdict.first_seq)


def _new_token() -> str:
    return secrets.token_urlsafe(_TOKEN_BYTES)
