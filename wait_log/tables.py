"""The tables of the store; instants are microseconds since 1970 UTC."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from wait_log.dialects import DenseKey

metadata = MetaData()

meta = Table(
    "meta",
    metadata,
    Column("key", String(40), primary_key=True),
    Column("value", Text, nullable=False),
)
"""Small facts: `epoch`, `site`, `cursor` (the last event published), `file_digest`."""

event = Table(
    "event",
    metadata,
    Column("seq", DenseKey, primary_key=True, autoincrement=False),
    Column("at_us", BigInteger, nullable=False),
    Column("business_day", String(10), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("prev_hash", LargeBinary, nullable=False),
    Column("hash", LargeBinary, nullable=False),
)
"""The log: dense, append-only, `hash = SHA-256(prev_hash + body)`."""

day = Table(
    "day",
    metadata,
    Column("business_day", String(10), primary_key=True),
    Column("opened_seq", BigInteger, nullable=False),
    Column("opened_us", BigInteger, nullable=False),
)

ticket = Table(
    "ticket",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("site", String(40), nullable=False),
    Column("business_day", String(10), nullable=False),
    Column("series", String(4), nullable=False),
    Column("number", String(8), nullable=False),
    Column("service", String(20), nullable=False),
    Column("ticket_class", String(16), nullable=False),
    Column("lang", String(2), nullable=False),
    Column("token", String(40), nullable=False),
    Column("device", String(40), nullable=False),
    Column("offline_book", Boolean, nullable=False),
    Column("state", String(10), nullable=False),
    Column("order_key_us", BigInteger, nullable=False),
    Column("counter", Integer),
    Column("to_counter", Integer),
    Column("issued_us", BigInteger, nullable=False),
    Column("first_called_us", BigInteger),
    Column("called_us", BigInteger),
    Column("started_us", BigInteger),
    Column("ended_us", BigInteger),
    Column("wait_s", Float),
    Column("served_s", Float),
    Column("clock_suspect", Boolean, nullable=False),
    Column("calls", Integer, nullable=False),
    Column("reason", String(200), nullable=False),
    Column("day_closed", Boolean, nullable=False),
    UniqueConstraint("site", "business_day", "series", "number", name="ticket_number_once"),
)
Index("ticket_by_day", ticket.c.business_day, ticket.c.service)
Index(
    "ticket_waiting",
    ticket.c.site,
    ticket.c.service,
    ticket.c.order_key_us,
    sqlite_where=ticket.c.state == "waiting",
)

call = Table(
    "call",
    metadata,
    Column("call_seq", DenseKey, primary_key=True, autoincrement=False),
    Column("business_day", String(10), nullable=False, index=True),
    Column("ticket", String(40), nullable=False),
    Column("number", String(8), nullable=False),
    Column("counter", Integer, nullable=False),
    Column("service", String(20), nullable=False),
    Column("ticket_class", String(16), nullable=False),
    Column("repeat", Integer, nullable=False),
    Column("at_us", BigInteger, nullable=False),
    Column("withdrawn", Boolean, nullable=False, default=False),
    Column("accepted_us", BigInteger),
    Column("shown_us", BigInteger),
    Column("spoken_us", BigInteger),
    Column("skipped_us", BigInteger),
)
"""Every call, and when it was taken, painted and spoken."""

print_record = Table(
    "print_record",
    metadata,
    Column("seq", DenseKey, primary_key=True, autoincrement=False),
    Column("ticket", String(40), nullable=False, index=True),
    Column("device", String(40), nullable=False),
    Column("at_us", BigInteger, nullable=False),
    Column("outcome", String(10), nullable=False),
    Column("reason", String(200), nullable=False),
    Column("copy", Boolean, nullable=False),
)

inbox = Table(
    "inbox",
    metadata,
    Column("device", String(40), primary_key=True),
    Column("id", String(40), primary_key=True),
    Column("body_hash", LargeBinary, nullable=False),
    Column("reply", LargeBinary, nullable=False),
    Column("at_us", BigInteger, nullable=False, index=True),
)
"""Commands of the last 48 h with their replies; what a book superseded has an empty body."""

config_version = Table(
    "config_version",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("at_us", BigInteger, nullable=False),
    Column("body", LargeBinary, nullable=False),
)
