import pytest

from provisioning.audit import AuditQuery, audit_page
from provisioning.devices import SCREENS_BOX, SERVER_BOX, Boxes, fits, password_digest
from provisioning.errors import AccountError
from provisioning.site_db import SiteDb


@pytest.fixture
def boxes(db: SiteDb) -> Boxes:
    return Boxes(db)


def pair(boxes: Boxes, *devices: str, box: str = "") -> tuple[str, str]:
    return boxes.pair("Máy sau TV", devices, by="chu-tich", address="10.0.0.5", box=box)


def test_a_box_has_one_password_for_all_its_devices_and_only_its_digest_is_kept(
    boxes: Boxes, db: SiteDb
) -> None:
    box, password = pair(boxes, "board-1", "board-2")
    digests = boxes.digests()
    assert list(digests) == ["board-1", "board-2"]
    assert all(fits(password, digest) for digest in digests.values())
    assert boxes.has_password(box, password)
    assert not boxes.has_password(box, "guess")
    rows = [tuple(row) for row in db.read("SELECT * FROM boxes")]
    assert password not in str(rows)


def test_a_password_is_kept_as_mosquitto_itself_writes_it() -> None:
    theirs = (  # mosquitto_passwd 2.0.11, password "abc"
        "$7$101$0t3+ZcSvdNBZlKmO$mYaW2yPoMEtscBFWGEkm78xHnsTlEhC6blNVrQIMewacxN2QNT/X//a1tIrZIqBs"
        "tB7sJuJAjOTYetXVCdkBZg=="
    )
    assert fits("abc", theirs)
    assert not fits("abd", theirs)
    assert password_digest("abc") != password_digest("abc")
    for broken in ("", "$7$", "$6$x$y", "abc"):
        assert not fits("abc", broken)


def test_revoked_is_out_at_once_and_its_device_barred_until_another_box_is_it(
    boxes: Boxes,
) -> None:
    box, password = pair(boxes, "kiosk-1")
    ended = boxes.revoke(box, by="chu-tich", address="10.0.0.5")
    assert not ended.active
    assert boxes.digests() == {}
    assert boxes.barred() == {"kiosk-1"}
    assert not boxes.has_password(box, password)
    with pytest.raises(AccountError):
        boxes.revoke(box, by="chu-tich", address="10.0.0.5")
    pair(boxes, "kiosk-1")
    assert boxes.barred() == frozenset()
    assert [each.action for each in audit_page(boxes.db, AuditQuery(), 9)] == [
        "box_paired",
        "box_revoked",
        "box_paired",
    ]


def test_a_replaced_box_loses_what_another_became(boxes: Boxes) -> None:
    old, password = pair(boxes, "board-1", "announcer-1")
    pair(boxes, "board-1")
    assert fits(password, boxes.digests()["announcer-1"])
    assert not fits(password, boxes.digests()["board-1"])
    pair(boxes, "announcer-1")
    [gone] = [box for box in boxes.list() if not box.active]
    assert (gone.id, gone.ended_by) == (old, "")
    assert boxes.barred() == frozenset()


def test_the_server_itself_cannot_be_revoked(boxes: Boxes) -> None:
    pair(boxes, "service", "web", box=SERVER_BOX)
    pair(boxes, "kiosk-1", box=SCREENS_BOX)
    for own in (SERVER_BOX, SCREENS_BOX):
        with pytest.raises(AccountError):
            boxes.revoke(own, by="chu-tich", address="")
    assert set(boxes.digests()) == {"service", "web", "kiosk-1"}


def test_a_copy_is_noted_once_in_the_audit_and_seen_twice_a_minute(
    boxes: Boxes, db: SiteDb
) -> None:
    box, _ = pair(boxes, "kiosk-1")
    boxes.note_seen({box: "10.0.0.8"})
    boxes.note_copied(box, {"10.0.0.9", "10.0.0.8"})
    boxes.note_copied(box, {"10.0.0.8", "10.0.0.9"})
    [found] = boxes.list()
    assert found.copied_from == "10.0.0.8, 10.0.0.9"
    assert found.seen_from == "10.0.0.8"
    assert [each.action for each in audit_page(db, AuditQuery(), 9)] == ["box_copied", "box_paired"]
    boxes.forget_copy(box, by="chu-tich", address="10.0.0.5")
    assert boxes.list()[0].copied_at is None
    assert audit_page(db, AuditQuery(), 9)[0].action == "box_checked"


def test_the_devices_of_the_configuration_are_kept(boxes: Boxes) -> None:
    assert boxes.set_site_devices({"kiosk-1": "kiosk"})
    assert not boxes.set_site_devices({"kiosk-1": "kiosk"})
    assert boxes.set_site_devices({"kiosk-2": "kiosk"})
    assert boxes.site_devices() == {"kiosk-2": "kiosk"}
