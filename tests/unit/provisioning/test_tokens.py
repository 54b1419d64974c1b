"""Tokens of programs: what they open, how long, and what is kept of them."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from provisioning.errors import IntegrationError
from provisioning.site_db import SiteDb, open_site_db
from provisioning.tokens import MOST_TOKENS, Scope, Tokens

NOW = datetime(2026, 11, 23, 1, 24, tzinfo=UTC)


class SetClock:
    def __init__(self) -> None:
        self.now = NOW


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def db(tmp_path: Path, clock: SetClock) -> Iterator[SiteDb]:
    db = open_site_db(tmp_path / "accounts.db", lambda: clock.now)
    yield db
    db.close()


@pytest.fixture
def tokens(db: SiteDb) -> Tokens:
    return Tokens(db)


def test_a_secret_has_256_bits_and_is_not_kept(tokens: Tokens, db: SiteDb, tmp_path: Path) -> None:
    token, secret = tokens.make("Cổng tỉnh", [Scope.LIVE], 30, by="minh")
    assert len(secret) == len("dl_") + 43
    assert tokens.find(secret) == token
    db.close()
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert secret.encode() not in kept
    assert secret[3:].encode() not in kept


def test_two_secrets_differ(tokens: Tokens) -> None:
    assert (
        tokens.make("a", [Scope.LIVE], 1, by="")[1] != tokens.make("b", [Scope.LIVE], 1, by="")[1]
    )


def test_a_token_ends(tokens: Tokens, clock: SetClock) -> None:
    _, secret = tokens.make("a", [Scope.LIVE], 30, by="minh")
    clock.now = NOW + timedelta(days=30) - timedelta(seconds=1)
    assert tokens.find(secret)
    clock.now = NOW + timedelta(days=30)
    assert tokens.find(secret) is None


def test_a_revoked_token_opens_nothing(tokens: Tokens, db: SiteDb) -> None:
    token, secret = tokens.make("a", [Scope.LIVE], 30, by="minh")
    tokens.revoke(token.id, by="lan", address="10.0.0.1")
    tokens.revoke(token.id, by="lan", address="10.0.0.1")
    assert tokens.find(secret) is None
    assert tokens.list()[0].revoked_at == NOW
    audit = db.read("SELECT account, address, action FROM audit ORDER BY serial")
    assert [tuple(row) for row in audit] == [
        ("minh", "", "token_made"),
        ("lan", "10.0.0.1", "token_revoked"),
    ]


def test_the_audit_never_holds_a_secret(tokens: Tokens, db: SiteDb) -> None:
    _, secret = tokens.make("a", [Scope.LIVE], 30, by="minh")
    assert secret not in str([tuple(row) for row in db.read("SELECT * FROM audit")])


@pytest.mark.parametrize(
    "secret", ["", "dl_", "dl_x", "x" * 100_000, "dl_' OR 1=1 --", "dl_\ud800"]
)
def test_what_is_no_secret_finds_nothing(tokens: Tokens, secret: str) -> None:
    tokens.make("a", [Scope.LIVE], 30, by="minh")
    assert tokens.find(secret) is None


def test_use_is_noted_to_the_minute(tokens: Tokens, clock: SetClock) -> None:
    _, secret = tokens.make("a", [Scope.LIVE], 30, by="minh")

    def use() -> datetime | None:
        token = tokens.find(secret)
        assert token
        tokens.note_use(token)
        return tokens.list()[0].used_at

    assert use() == NOW
    clock.now += timedelta(seconds=59)
    assert use() == NOW
    clock.now += timedelta(seconds=1)
    assert use() == NOW + timedelta(minutes=1)
    clock.now = NOW - timedelta(days=1)  # set back: the use is noted all the same
    assert use() == NOW - timedelta(days=1)


@pytest.mark.parametrize(
    ("name", "scopes", "days", "field"),
    [
        ("", [Scope.LIVE], 1, "name"),
        (" \t", [Scope.LIVE], 1, "name"),
        ("x" * 81, [Scope.LIVE], 1, "name"),
        ("a\u202eb", [Scope.LIVE], 1, "name"),
        ("a", [], 1, "scopes"),
        ("a", [Scope.LIVE], 0, "days"),
        ("a", [Scope.LIVE], 367, "days"),
    ],
)
def test_what_may_not_be_names_its_field(
    tokens: Tokens, name: str, scopes: list[Scope], days: int, field: str
) -> None:
    with pytest.raises(IntegrationError) as raised:
        tokens.make(name, scopes, days, by="minh")
    assert raised.value.field == field
    assert tokens.list() == []


def test_there_is_an_end_to_tokens(tokens: Tokens, clock: SetClock) -> None:
    for index in range(MOST_TOKENS):
        tokens.make(f"{index}", [Scope.LIVE], 1, by="minh")
    with pytest.raises(IntegrationError, match="thu hồi"):
        tokens.make("one more", [Scope.LIVE], 1, by="minh")
    clock.now += timedelta(days=1)
    tokens.make("next", [Scope.LIVE], 1, by="minh")
    clock.now += timedelta(days=400)
    tokens.make("later", [Scope.LIVE], 1, by="minh")
    assert [token.name for token in tokens.list()] == ["later"]
