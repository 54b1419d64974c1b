"""The servers of one store's URL: which of them is the primary, and on which timeline.

A copy that was made the primary begins a new timeline, so of two servers of one system the one with
the lower timeline is the old primary: what it says of itself is of yesterday.
"""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy.engine import URL, make_url

from wait_log.errors import StoreError, StoreLostError

SEEN_FILE = "store-seen"
_CONNECT_S = 3
_REPLAY_S = 60.0
_LOOK_S = 0.2
_ABOUT = """
SELECT (SELECT system_identifier::text FROM pg_control_system()), pg_is_in_recovery(),
       CASE WHEN pg_is_in_recovery() THEN (SELECT timeline_id FROM pg_control_checkpoint())
            ELSE ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::int END,
       (SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming')
"""


@dataclass(frozen=True, slots=True)
class Member:
    """One server, as it answers now."""

    address: str
    system: str = ""
    primary: bool = False
    timeline: int = 0
    copies: int = 0
    """How many standbys follow it."""
    why: str = ""
    """Why it does not answer."""

    @property
    def answers(self) -> bool:
        """Return whether it answered at all."""
        return bool(self.system)


@dataclass(frozen=True, slots=True)
class Seen:
    """What a service remembers, in its own files, of the server on which it wrote last."""

    system: str
    timeline: int
    term: int
    without_copy: bool = False


def members(url: str) -> list[Member]:
    """Return how every server of a URL is, each asked on its own."""
    return [_ask(address, conninfo) for address, conninfo in _addresses(url)]


def promote(url: str, wait: Callable[[float], object]) -> Member:
    """Make the standby of a URL the primary; raises StoreError when that must not be.

    A primary that answers is left in its place: two would each take commits.
    """
    for address, conninfo in _addresses(url):
        member = _ask(address, conninfo)
        if member.primary:
            raise StoreError(f"{address} is the primary and answers: stop it for good first")
    for address, conninfo in _addresses(url):
        if _ask(address, conninfo).answers:
            _promote(address, conninfo, wait)
            return _ask(address, conninfo)
    raise StoreError("no standby answers: nothing was changed")


def conninfo_of(url: str, member: Member) -> str:
    """Return how to connect to a member alone."""
    return dict(_addresses(url))[member.address]


def conninfo_for_standby(url: str, member: Member) -> str:
    """Return how a standby connects to a member: with the password file of its own account."""
    words = psycopg.conninfo.conninfo_to_dict(conninfo_of(url, member))
    kept = {key: str(word) for key, word in words.items() if word and key != "passfile"}
    return psycopg.conninfo.make_conninfo(**kept)


def about(connection: Any) -> tuple[str, int]:  # noqa: ANN401 - any DB-API's
    """Return system and timeline of the primary at the end of a connection."""
    system, _, timeline, _ = connection.execute(_ABOUT).fetchone()
    return system, timeline


def recall(data: Path) -> Seen | None:
    """Return what a service remembers in its data directory."""
    try:
        return Seen(**json.loads((data / SEEN_FILE).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def remember(data: Path, seen: Seen) -> None:
    """Remember the server on which is written, whatever becomes of the power."""
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = data / SEEN_FILE
    written = path.with_suffix(".new")
    written.write_text(json.dumps(asdict(seen)) + "\n", encoding="utf-8")
    written.replace(path)


def require_successor(seen: Seen | None, now: Seen) -> None:
    """Raise StoreLostError when a server lacks what was written on another before."""
    if seen is None or seen.system != now.system:
        return
    if now.timeline < seen.timeline or now.term < seen.term:
        raise StoreLostError(
            f"this database server is the old primary (timeline {now.timeline}, term {now.term}; "
            f"written since: {seen.timeline}, {seen.term}): stop it, and on its machine run "
            "`denluot database rejoin`"
        )
    if now.timeline > seen.timeline and seen.without_copy:
        raise StoreLostError(
            "the copy that is the primary now lacks what was stored while no copy kept up: start "
            f"the old server instead; who accepts the loss deletes {SEEN_FILE} in the service's "
            "data directory"
        )


def _addresses(url: str) -> list[tuple[str, str]]:
    """Return the address of every server of a URL, and how to connect to it alone."""
    parsed = make_url(url)
    query = {key: value for key, value in parsed.query.items() if key != "target_session_attrs"}
    named = query.pop("host", None)
    if parsed.host or named is None:
        return [(f"{parsed.host or 'localhost'}:{parsed.port or 5432}", _conninfo(parsed, query))]
    hosts = [named] if isinstance(named, str) else list(named)
    found = []
    for one in hosts:
        host, _, port = (one, "", "") if one.startswith("/") else one.partition(":")
        alone = query | {"host": host} | ({"port": port} if port else {})
        found.append((one, _conninfo(parsed, alone)))
    return found


def _conninfo(parsed: URL, query: dict[str, Any]) -> str:
    words = {"dbname": parsed.database, "user": parsed.username, "password": parsed.password}
    words |= {"host": parsed.host, "port": parsed.port and str(parsed.port)} | query
    words["connect_timeout"] = str(_CONNECT_S)
    return psycopg.conninfo.make_conninfo(**{key: word for key, word in words.items() if word})


def _ask(address: str, conninfo: str) -> Member:
    try:
        with psycopg.connect(conninfo, autocommit=True) as connection:
            row = connection.execute(_ABOUT).fetchone()
    except psycopg.Error as error:
        return Member(address, why=" ".join(str(error).split()))
    system, standby, timeline, copies = row or ("", True, 0, 0)
    return Member(address, system, not standby, timeline, copies)


def _promote(address: str, conninfo: str, wait: Callable[[float], object]) -> None:
    """Let a standby apply all that it has received, and make it the primary."""
    received = "SELECT coalesce(pg_last_wal_receive_lsn() <= pg_last_wal_replay_lsn(), true)"
    try:
        with psycopg.connect(conninfo, autocommit=True) as connection:
            left_s = _REPLAY_S
            while connection.execute(received).fetchone() != (True,) and left_s > 0:
                wait(_LOOK_S)
                left_s -= _LOOK_S
            done = connection.execute("SELECT pg_promote(true, 60)").fetchone()
    except psycopg.Error as error:
        raise StoreError(f"{address}: {' '.join(str(error).split())}") from error
    if done != (True,):
        raise StoreError(f"{address} was not promoted within 60 s")
    write_timeline(conninfo)


def write_timeline(conninfo: str) -> None:
    """Have a primary write down its timeline, without which pg_rewind finds nothing to rewind."""
    try:
        with psycopg.connect(conninfo, autocommit=True) as connection:
            connection.execute("CHECKPOINT")
    except psycopg.Error as error:
        raise StoreError(
            "the primary cannot be told to CHECKPOINT, without which the old server cannot rejoin: "
            f"{' '.join(str(error).split())}"
        ) from error
