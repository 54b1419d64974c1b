"""Which document of procedures is served now, and how kiosks learn of it."""

import asyncio
import logging
from collections.abc import Callable

from bus.health import ProceduresHint
from config import Centre
from hall.model import HallState
from hall.procedures import NO_DOCUMENT, Published, example_for
from provisioning.errors import SiteDbError
from provisioning.procedures import Procedures

_log = logging.getLogger(__name__)


class ProceduresSite:
    """Serves the version in force; in a demonstration without one the example."""

    def __init__(
        self, store: Procedures, state: Callable[[], HallState], port: int | None = None
    ) -> None:
        """Read `store`; kiosks fetch what it has on `port`, without TLS, if there is one."""
        self.store = store
        self.state = state
        self.tell: Callable[[], None] = lambda: None
        """Called when another version is in force."""
        self._port = port
        self._number = 0
        self._stored: Published | None = None
        self._read = False
        self._example: tuple[Centre, Published] | None = None
        self.look()

    @property
    def number(self) -> int:
        """Return the number of the version in force, 0 before the first."""
        return self._number

    def look(self) -> None:
        """Read which version is in force; blocks. What was read before stays where that fails."""
        try:
            newest = self.store.newest()
        except SiteDbError as error:
            _log.warning("procedures not readable error=%s", error)
            return
        self._read = True
        self._number, self._stored = newest or (0, None)

    async def present(self) -> Published:
        """Return what is served; raises SiteDbError while nobody can say."""
        if not self._read:
            await asyncio.to_thread(self.look)
        return self._present() or NO_DOCUMENT

    @property
    def offered(self) -> bool:
        """Return whether there is any to look up."""
        published = self._present() if self._read else None
        return published is not None and bool(published.document.procedures)

    def hint(self) -> ProceduresHint | None:
        """Return what kiosks are told; None while nobody can say, or they could not fetch it."""
        published = self._present() if self._read else None
        if published is None or not self._port:
            return None
        return ProceduresHint(sha256=published.sha256, port=self._port)

    def _present(self) -> Published | None:
        if not self._read:
            raise SiteDbError("the procedures could not be read")
        if self._stored is not None:
            return self._stored
        centre = self.state().centre
        if centre is None:
            return None
        if self._example is None or self._example[0] is not centre:
            self._example = centre, example_for(centre)
        return self._example[1]
