"""Tell webhooks what happens: from the log to queues on disk, and from those to the receivers.

The log is read beside the writer from each webhook's own place in it, so that nothing is lost over
a restart of anything. Messages of one ticket arrive in order; one that is not taken is tried again
for seven days and holds up its own ticket only.
"""

import asyncio
import base64
import hashlib
import hmac
import logging
import random
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import partial
from itertools import islice

from provisioning.errors import SiteDbError
from provisioning.site_db import to_us
from provisioning.webhooks import (
    LONGEST_WAIT,
    SECRET_PREFIX,
    Delivery,
    Message,
    Webhook,
    Webhooks,
)
from wait_log.errors import StoreError
from wait_log.reader import Reader
from wait_log.rows import ChainedEvent
from web.errors import TargetError
from web.integrations.public_events import PublicEvent, public_event
from web.integrations.targets import Targets

KEPT = timedelta(days=7)
_AT_ONCE = 8
_READ_AT_ONCE = 2000
_FIRST_WAIT_S = 2.0
_MOST_DOUBLINGS = 12
_LOOK_S = 1.0
_CLEAN_S = 600.0

_log = logging.getLogger(__name__)


def signed_headers(secret: str, name: str, at: datetime, body: bytes) -> dict[str, str]:
    """Return the headers of Standard Webhooks: HMAC-SHA256 over the id, the time and the body."""
    seconds = int(at.timestamp())
    key = base64.b64decode(secret.removeprefix(SECRET_PREFIX))
    signed = b"%s.%d.%s" % (name.encode(), seconds, body)
    digest = base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
    return {
        "Content-Type": "application/json",
        "User-Agent": "DenLuot-Webhook/1",
        "webhook-id": name,
        "webhook-timestamp": str(seconds),
        "webhook-signature": f"v1,{digest}",
    }


class Courier:
    """Keeps the webhooks' queues filled and emptied until it is cancelled."""

    def __init__(
        self,
        webhooks: Webhooks,
        reader: Reader,
        targets: Targets,
        *,
        now: Callable[[], datetime],
        rng: random.Random,
        look_s: float = _LOOK_S,
        clean_s: float = _CLEAN_S,
    ) -> None:
        """Look for events every `look_s`, in real seconds."""
        self._webhooks = webhooks
        self._reader = reader
        self._targets = targets
        self._now = now
        self._rng = rng
        self._look_s = look_s
        self._clean_s = clean_s
        self._trouble = self._delivery_trouble = ""
        self._busy: dict[int, asyncio.Task[None]] = {}

    async def keep(self) -> None:
        """Work until cancelled."""
        # It logs the addresses that it asks, whose paths may be secret.
        logging.getLogger("httpx").setLevel(logging.WARNING)
        clean_at = 0.0
        loop = asyncio.get_running_loop()
        try:
            while True:
                more = False
                try:
                    if loop.time() >= clean_at:
                        await asyncio.to_thread(self.clean)
                        clean_at = loop.time() + self._clean_s
                    more = await asyncio.to_thread(self.fill)
                    await self._start_deliveries()
                    self._note(self._delivery_trouble)
                except (StoreError, SiteDbError) as error:
                    self._note(str(error))
                except Exception:  # noqa: BLE001 - outermost: the next look goes on
                    _log.exception("webhooks failed")
                if not more:
                    await asyncio.sleep(self._look_s)
        finally:
            busy = list(self._busy.values())
            for task in busy:
                task.cancel()
            if busy:
                await asyncio.wait(busy)

    def clean(self) -> None:
        """Drop what nobody took in seven days."""
        dropped = self._webhooks.drop_older(to_us(self._now() - KEPT))
        if dropped:
            _log.info("webhooks dropped messages count=%d", dropped)

    def fill(self) -> bool:
        """Queue what has happened; return whether there may be more."""
        webhooks = self._webhooks.list()
        if not webhooks or not self._reader.exists():
            return False
        newest = self._reader.newest()
        last = newest.seq if newest else 0
        more = False
        for webhook in webhooks:
            if webhook.cursor > last:
                # The store was replaced by another one: tell what happens from here on.
                self._webhooks.rewind(webhook, last)
            elif webhook.cursor < last:
                chained = list(islice(self._reader.events(webhook.cursor + 1), _READ_AT_ONCE))
                self._webhooks.queue(webhook, self._messages(webhook, chained), chained[-1].seq)
                more = more or chained[-1].seq < last
        return more

    def _messages(self, webhook: Webhook, chained: Iterable[ChainedEvent]) -> list[Message]:
        now_us = to_us(self._now())
        return [
            message_of(event, now_us)
            for event in map(public_event, chained)
            if event and (not webhook.kinds or event.kind in webhook.kinds)
        ]

    async def _start_deliveries(self) -> None:
        """Let every receiver take what is due; a slow one holds up no other."""
        for webhook in await asyncio.to_thread(self._webhooks.list):
            if webhook.waiting and webhook.id not in self._busy:
                task = asyncio.create_task(self.deliver_to(webhook))
                self._busy[webhook.id] = task
                task.add_done_callback(partial(self._delivered, webhook.id))

    def _delivered(self, webhook: int, task: asyncio.Task[None]) -> None:
        del self._busy[webhook]
        if not task.cancelled():
            error = task.exception()
            self._delivery_trouble = str(error) if error else ""

    async def deliver_to(self, webhook: Webhook) -> None:
        """Deliver to one receiver until nothing is due; raises SiteDbError."""
        while True:
            now_us = to_us(self._now())
            due = await asyncio.to_thread(self._webhooks.due, webhook.id, now_us, _AT_ONCE)
            if not due:
                return
            await asyncio.gather(*(self._deliver(webhook, delivery) for delivery in due))

    async def _deliver(self, webhook: Webhook, delivery: Delivery) -> None:
        message = delivery.message
        try:
            await self.send(webhook, f"{webhook.id}-{message.seq}", message.body)
        except TargetError as error:
            wait = timedelta(seconds=_FIRST_WAIT_S * 2 ** min(delivery.attempts, _MOST_DOUBLINGS))
            wait = min(wait, LONGEST_WAIT) * self._rng.uniform(0.5, 1.0)
            due_us = to_us(self._now() + wait)
            await asyncio.to_thread(self._webhooks.failed, delivery, str(error), due_us)
        else:
            await asyncio.to_thread(self._webhooks.delivered, delivery)

    async def send(self, webhook: Webhook, name: str, body: bytes) -> None:
        """Send one message, signed; raises TargetError."""
        headers = signed_headers(webhook.secret, name, self._now(), body)
        await self._targets.post(webhook.url, body, headers)

    def _note(self, trouble: str) -> None:
        if trouble != self._trouble:
            if trouble:
                _log.warning("webhooks wait error=%s", trouble)
            else:
                _log.info("webhooks go on")
        self._trouble = trouble


def message_of(event: PublicEvent, made_us: int) -> Message:
    """Return what is queued of an event; of those of no ticket, each counter's are in order."""
    order = event.ticket or f"counter {event.data.get('counter', '')}"
    return Message(event.seq, order, event.kind, made_us, event.encoded())


def newest_seq(reader: Reader) -> int:
    """Return the last event of the log, after which a new webhook begins; raises StoreError."""
    newest = reader.newest() if reader.exists() else None
    return newest.seq if newest else 0
