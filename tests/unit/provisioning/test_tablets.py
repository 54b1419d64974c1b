"""Tablets: one code for one counter, one tablet a counter, and an end at once."""

from contextlib import closing
from pathlib import Path

from provisioning.backup.staff_data import put_identity_back, read_identity
from provisioning.site_db import FILE_NAME, SiteDb, open_site_db
from provisioning.tablets import MOST_ATTEMPTS, CodeEnd, TabletCodes, Tablets


class Seconds:
    """A clock that a test moves."""

    at_s = 1000.0

    def __call__(self) -> float:
        return self.at_s


def test_a_tablet_is_known_by_its_secret_until_it_is_revoked(db: SiteDb) -> None:
    tablets = Tablets(db)
    secret = tablets.pair(3, by="an", address="10.0.0.9")
    tablet = tablets.find(secret)
    assert tablet
    assert (tablet.counter, tablet.seen_at) == (3, None)
    tablets.note_seen(tablet)
    assert tablets.list()[0].seen_at
    assert tablets.find("") is None
    assert tablets.find("another") is None
    assert tablets.revoke(tablet.id, by="an", address="")
    assert not tablets.revoke(tablet.id, by="an", address="")
    assert tablets.find(secret) is None
    assert not tablets.in_use(tablet.id)
    actions = [row["action"] for row in db.read("SELECT action FROM audit ORDER BY serial")]
    assert actions == ["tablet_paired", "tablet_revoked"]


def test_the_database_holds_no_secret(db: SiteDb, tmp_path: Path) -> None:
    secret = Tablets(db).pair(3, by="an", address="")
    written = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert secret.encode() not in written


def test_a_new_tablet_takes_the_place_of_the_one_before(db: SiteDb) -> None:
    tablets = Tablets(db)
    old, other = (tablets.pair(counter, by="an", address="") for counter in (3, 5))
    new = tablets.pair(3, by="an", address="")
    assert tablets.find(old) is None
    assert tablets.find(other)
    assert tablets.find(new)


def test_a_restored_server_knows_its_tablets(db: SiteDb, tmp_path: Path) -> None:
    secret = Tablets(db).pair(3, by="an", address="")
    (tmp_path / "new").mkdir()
    put_identity_back(read_identity(tmp_path), tmp_path / "new")
    with closing(open_site_db(tmp_path / "new" / FILE_NAME)) as back:
        assert Tablets(back).find(secret)


def test_a_code_is_used_once_in_whatever_way_it_is_typed() -> None:
    codes = TabletCodes(Seconds(), lambda: "7K3M9QRT")
    assert codes.spend("7K3M9QRT") is None
    code = codes.begin(3, "an")
    assert "7K3M" not in repr(code)
    assert codes.spend(" 7k3m-9qrt ") is code
    assert code.end is CodeEnd.USED
    assert codes.spend("7K3M9QRT") is None


def test_five_wrong_codes_end_the_right_one() -> None:
    codes = TabletCodes(Seconds(), lambda: "7K3M9QRT")
    code = codes.begin(3, "an")
    for _ in range(MOST_ATTEMPTS):
        assert codes.spend("7K3M9QRX") is None
    assert code.end is CodeEnd.ATTEMPTS
    assert codes.spend("7K3M9QRT") is None


def test_a_code_lives_five_minutes_or_until_the_next() -> None:
    seconds, made = Seconds(), iter(["AAAAAAAA", "BBBBBBBB", "CCCCCCCC"])
    codes = TabletCodes(seconds, lambda: next(made))
    first = codes.begin(3, "an")
    seconds.at_s += 299
    assert codes.left_s(first) == 1
    seconds.at_s += 1
    assert codes.spend("AAAAAAAA") is None
    assert first.end is CodeEnd.TIME
    codes.begin(3, "an")
    codes.begin(5, "an")
    assert codes.spend("BBBBBBBB") is None
    codes.withdraw()
    assert codes.spend("CCCCCCCC") is None
    assert codes.newest
    assert codes.newest.end is CodeEnd.WITHDRAWN
