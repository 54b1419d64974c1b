"""The tables of 0.2.0, with which compatibility begins."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create all tables."""
    op.create_table(
        "acknowledgement",
        sa.Column("site", sa.String(), nullable=False),
        sa.Column("call_seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("at_us", sa.BigInteger(), nullable=False),
        sa.Column("crc", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("site", "call_seq", "outcome"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "call",
        sa.Column("site", sa.String(), nullable=False),
        sa.Column("call_seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("business_day", sa.String(), nullable=False),
        sa.Column("ticket", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("counter", sa.Integer(), nullable=False),
        sa.Column("service", sa.String(), nullable=False),
        sa.Column("ticket_class", sa.String(), nullable=False),
        sa.Column("repeat", sa.Integer(), nullable=False),
        sa.Column("at_us", sa.BigInteger(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("site", "call_seq"),
        sqlite_with_rowid=False,
    )
    op.create_index("call_by_day", "call", ["site", "business_day"], unique=False)
    op.create_table(
        "config_version",
        sa.Column("site", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at_us", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("crc", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("site", "version"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "day",
        sa.Column("site", sa.String(), nullable=False),
        sa.Column("business_day", sa.String(), nullable=False),
        sa.Column("opened_seq", sa.BigInteger(), nullable=False),
        sa.Column("opened_us", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("site", "business_day"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "event",
        sa.Column("site", sa.String(), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at_us", sa.BigInteger(), nullable=False),
        sa.Column("business_day", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("site", "seq"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "inbox",
        sa.Column("site", sa.String(), nullable=False),
        sa.Column("device", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("body_hash", sa.LargeBinary(), nullable=False),
        sa.Column("reply", sa.LargeBinary(), nullable=False),
        sa.Column("at_us", sa.BigInteger(), nullable=False),
        sa.Column("crc", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("site", "device", "id"),
        sqlite_with_rowid=False,
    )
    op.create_index("inbox_by_time", "inbox", ["site", "at_us"], unique=False)
    op.create_table(
        "meta",
        sa.Column("site", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("crc", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("site", "key"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "print_record",
        sa.Column("site", sa.String(), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("ticket", sa.String(), nullable=False),
        sa.Column("device", sa.String(), nullable=False),
        sa.Column("at_us", sa.BigInteger(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("copy", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("site", "seq"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "ticket",
        sa.Column("site", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("business_day", sa.String(), nullable=False),
        sa.Column("series", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("service", sa.String(), nullable=False),
        sa.Column("ticket_class", sa.String(), nullable=False),
        sa.Column("lang", sa.String(), nullable=False),
        sa.Column("token", sa.String(), nullable=True),
        sa.Column("device", sa.String(), nullable=False),
        sa.Column("offline_book", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("order_key_us", sa.BigInteger(), nullable=False),
        sa.Column("counter", sa.Integer(), nullable=True),
        sa.Column("to_counter", sa.Integer(), nullable=True),
        sa.Column("issued_us", sa.BigInteger(), nullable=False),
        sa.Column("first_called_us", sa.BigInteger(), nullable=True),
        sa.Column("called_us", sa.BigInteger(), nullable=True),
        sa.Column("started_us", sa.BigInteger(), nullable=True),
        sa.Column("ended_us", sa.BigInteger(), nullable=True),
        sa.Column("wait_s", sa.Float(), nullable=True),
        sa.Column("served_s", sa.Float(), nullable=True),
        sa.Column("clock_suspect", sa.Boolean(), nullable=False),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("day_closed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("site", "id"),
        sa.UniqueConstraint("site", "business_day", "series", "number", name="ticket_number_once"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ticket_by_token",
        "ticket",
        ["site", "token"],
        unique=True,
        sqlite_where=sa.text("token IS NOT NULL"),
        postgresql_where=sa.text("token IS NOT NULL"),
    )


def downgrade() -> None:
    """Drop all tables."""
    for table in (
        "acknowledgement",
        "call",
        "config_version",
        "day",
        "event",
        "inbox",
        "meta",
        "print_record",
        "ticket",
    ):
        op.drop_table(table)
