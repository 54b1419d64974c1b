"""The tables of the store: the format of 0.2.0 and what later versions have added.

One database holds any number of sites: every key, unique constraint and index begins with `site`,
and nobody reads or writes another site's rows. Instants are microseconds since 1970 UTC, business
days ISO dates. Texts are as long as messages and configuration allow; the store sets no bound.

`event` is the log and the truth: dense from 1, only ever appended to. `body` is the stored JSON,
`digest = SHA-256(body)` and `hash = SHA-256(hash of the event before ‖ digest)`, beginning with 32
zero bytes: a body may be withheld (null) and the chain is proven all the same. `day`, `ticket`,
`call`, `print_record` and the versions in `config_version` follow from the log, which `denluot
verify` replays. What the log does not hold (`inbox`, `acknowledgement`, `meta`, the bodies of
`config_version`) carries `crc`, the CRC-32 of `wait_log.rows.crc_of` over its other columns.

A ticket's token stands in `ticket.token` alone (and in the reply that the inbox keeps for 48 h),
never in an event; it is null from the moment the next day opens. An appointment's code stands in
`appointment.code` alone in the same way, for as long as its person may still ask after it.
"""

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
    UniqueConstraint,
)

metadata = MetaData()


def _site() -> Column[str]:
    return Column("site", String, primary_key=True)


meta = Table(
    "meta",
    metadata,
    _site(),
    Column("key", String, primary_key=True),
    Column("value", String, nullable=False),
    Column("crc", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)
"""Small facts: `epoch`, `cursor` (the last event published), `file_digest`."""

event = Table(
    "event",
    metadata,
    _site(),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("at_us", BigInteger, nullable=False),
    Column("business_day", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("body", LargeBinary),
    Column("digest", LargeBinary, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

day = Table(
    "day",
    metadata,
    _site(),
    Column("business_day", String, primary_key=True),
    Column("opened_seq", BigInteger, nullable=False),
    Column("opened_us", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

ticket = Table(
    "ticket",
    metadata,
    _site(),
    Column("id", String, primary_key=True),
    Column("business_day", String, nullable=False),
    Column("series", String, nullable=False),
    Column("number", String, nullable=False),
    Column("service", String, nullable=False),
    Column("ticket_class", String, nullable=False),
    Column("lang", String, nullable=False),
    Column("token", String),
    Column("device", String, nullable=False),
    Column("offline_book", Boolean, nullable=False),
    Column("state", String, nullable=False),
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
    Column("reason", String, nullable=False),
    Column("day_closed", Boolean, nullable=False),
    UniqueConstraint("site", "business_day", "series", "number", name="ticket_number_once"),
    sqlite_with_rowid=False,
)
"""Every ticket as it stands; a day's are found by `ticket_number_once`."""
Index(
    "ticket_by_token",
    ticket.c.site,
    ticket.c.token,
    unique=True,
    sqlite_where=ticket.c.token.is_not(None),
    postgresql_where=ticket.c.token.is_not(None),
)

appointment = Table(
    "appointment",
    metadata,
    _site(),
    Column("id", String, primary_key=True),
    Column("business_day", String, nullable=False),
    Column("service", String, nullable=False),
    Column("at_us", BigInteger, nullable=False),
    Column("code", String),
    Column("state", String, nullable=False),
    Column("late", Boolean, nullable=False),
    Column("ticket", String),
    Column("booked_us", BigInteger, nullable=False),
    Column("reference", String, nullable=False),
    Column("came_us", BigInteger),
    sqlite_with_rowid=False,
)
"""Every appointment as it stands, on the day for which it is made."""
Index("appointment_by_day", appointment.c.site, appointment.c.business_day)
Index(
    "appointment_by_code",
    appointment.c.site,
    appointment.c.code,
    unique=True,
    sqlite_where=appointment.c.code.is_not(None),
    postgresql_where=appointment.c.code.is_not(None),
)

call = Table(
    "call",
    metadata,
    _site(),
    Column("call_seq", BigInteger, primary_key=True, autoincrement=False),
    Column("business_day", String, nullable=False),
    Column("ticket", String, nullable=False),
    Column("number", String, nullable=False),
    Column("counter", Integer, nullable=False),
    Column("service", String, nullable=False),
    Column("ticket_class", String, nullable=False),
    Column("repeat", Integer, nullable=False),
    Column("at_us", BigInteger, nullable=False),
    Column("withdrawn", Boolean, nullable=False),
    sqlite_with_rowid=False,
)
Index("call_by_day", call.c.site, call.c.business_day)

acknowledgement = Table(
    "acknowledgement",
    metadata,
    _site(),
    Column("call_seq", BigInteger, primary_key=True, autoincrement=False),
    Column("outcome", String, primary_key=True),
    Column("at_us", BigInteger, nullable=False),
    Column("crc", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)
"""When a call was first accepted, shown, spoken or skipped."""

print_record = Table(
    "print_record",
    metadata,
    _site(),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("ticket", String, nullable=False),
    Column("device", String, nullable=False),
    Column("at_us", BigInteger, nullable=False),
    Column("outcome", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("copy", Boolean, nullable=False),
    sqlite_with_rowid=False,
)

inbox = Table(
    "inbox",
    metadata,
    _site(),
    Column("device", String, primary_key=True),
    Column("id", String, primary_key=True),
    Column("body_hash", LargeBinary, nullable=False),
    Column("reply", LargeBinary, nullable=False),
    Column("at_us", BigInteger, nullable=False),
    Column("crc", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)
"""Commands of the last 48 h with their replies; what a book superseded has an empty body."""
Index("inbox_by_time", inbox.c.site, inbox.c.at_us)

config_version = Table(
    "config_version",
    metadata,
    _site(),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("at_us", BigInteger, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("crc", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)
