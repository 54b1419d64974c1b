"""The proof of the log's chain, made little by little while the pages are served."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime

from wait_log.chain import Proven, prove_slice
from wait_log.errors import StoreError
from wait_log.reader import Reader

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ChainProof:
    """How far the log is proven, and when that was looked at."""

    proven: Proven = field(default_factory=Proven)
    at: datetime | None = None
    """None before the first look."""
    there: bool = True
    """False while there is no store."""
    readable: bool = True


class ChainWatch:
    """Proves the log from its first event on, then every new one; begins again after a restart."""

    def __init__(
        self,
        reader: Reader,
        now: Callable[[], datetime],
        *,
        rest_s: float = 0.1,
        look_again_s: float = 5.0,
    ) -> None:
        """Read by `reader`, which is nobody else's; rest between slices: pages come first."""
        self.state = ChainProof()
        self._reader = reader
        self._now = now
        self._rest_s = rest_s
        self._look_again_s = look_again_s
        self._asked = asyncio.Event()

    def start_over(self) -> None:
        """Prove everything again."""
        self.state = ChainProof()
        self._asked.set()

    @asynccontextmanager
    async def lifespan(self, _app: object) -> AsyncIterator[None]:
        """Prove as long as the pages are served."""
        task = asyncio.create_task(self.keep())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.wait([task])

    async def keep(self) -> None:
        """Prove until cancelled."""
        while True:
            before = self.state
            try:
                state = await asyncio.to_thread(self._step, before)
            except Exception:  # noqa: BLE001 - outermost: the log goes on to be proven
                _log.exception("the chain was not looked at")
                state = ChainProof(before.proven, before.at, readable=False)
            if self.state is before:
                self._note(before, state)
                self.state = state
            await self._rest(state)

    async def _rest(self, state: ChainProof) -> None:
        behind = state.readable and state.there and state.proven.broken_at is None
        behind = behind and not state.proven.whole
        with suppress(TimeoutError):
            async with asyncio.timeout(self._rest_s if behind else self._look_again_s):
                await self._asked.wait()
        self._asked.clear()

    def _step(self, before: ChainProof) -> ChainProof:
        try:
            if not self._reader.exists():
                return ChainProof(at=self._now(), there=False)
            return ChainProof(prove_slice(self._reader, before.proven), self._now())
        except StoreError:
            return ChainProof(before.proven, before.at, readable=False)

    def _note(self, before: ChainProof, state: ChainProof) -> None:
        """Say once that the chain is broken, and that it no longer is."""
        was, broken = before.proven.broken_at, state.proven.broken_at
        if broken is not None and broken != was:
            _log.error("the log is broken seq=%s", broken)
        elif broken is None and was is not None and state.readable:
            _log.info("the log is whole again seq=%s", state.proven.seq)
