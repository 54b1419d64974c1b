"""A support bundle has what helps and no secret, wherever the secret stands."""

import shutil
import tarfile
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from appliance.connection import Account, Broker, Connection, write_connection
from appliance.support import Place, command, known_secrets, write_bundle
from config.redaction import without
from provisioning.layout import Layout
from provisioning.site_db import open_site_db
from wait_log.dialects import STORE_FILE, store_url

RELEASED = Path(__file__).parents[2] / "data/store-0.2.0.db"
AT = datetime(2026, 11, 23, 1, tzinfo=UTC)
SECRETS = {
    "broker": "broker-secret-of-the-kiosk",
    "own": "own-secret-of-this-box",
    "service": "secret-of-the-service",
    "buttons": "secret-of-the-buttons",
    "token": "dl_ABCDEFGHIJKLMNOPQRSTUVWX",
    "ticket": "7KQ2M9XW4TCBRN5JH8DYPA",
    "store": "secret-of-postgresql",
    "key": "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC",
    "session": "Zm9vYmFyYmF6cXV4",
}
PEOPLE = ("tran.thi.lan", "Trần Thị Lan", "10.0.0.77")


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A server whose logs say everything that a log must not say."""
    layout = Layout(tmp_path / "machine")
    data = layout.data
    (data / "log").mkdir(parents=True)
    shutil.copy(RELEASED, data / STORE_FILE)
    (data / "broker/of-devices").mkdir(parents=True)
    (data / "broker/of-devices/service").write_text(SECRETS["service"] + "\n")
    layout.screen_data.mkdir(parents=True)
    (layout.screen_data / "broker-password").write_text(SECRETS["own"] + "\n")
    layout.settings.mkdir(parents=True)
    layout.device_file.write_text(f'[broker]\npassword = "{SECRETS["buttons"]}"\n')
    devices = {"kiosk-1": Account("kiosk-1", SECRETS["broker"])}
    write_connection(data, Connection("nhi-chieu", Broker("127.0.0.1", 9), "", devices))
    lines = [f"INFO service: something {secret} happened" for secret in SECRETS.values()]
    lines[4] = f"GET /api Authorization: Bearer {SECRETS['token']}"
    lines[5] = f"GET /t/{SECRETS['ticket']} 200"
    lines[6] = f"store postgresql+psycopg://denluot:{SECRETS['store']}@db/denluot"
    lines[7] = f"-----BEGIN PRIVATE KEY-----\n{SECRETS['key']}\n-----END PRIVATE KEY-----"
    lines[8] = f"POST /login?code={SECRETS['session']}"
    (data / "log/service.log").write_text("\n".join(lines))
    with closing(open_site_db(data / "accounts.db")) as db:
        db.audit(PEOPLE[0], PEOPLE[2], "logged_in", PEOPLE[1])
    return Place(data, layout, layout.device_file, store_url(data))


def unpacked(bundle: Path) -> dict[str, str]:
    with tarfile.open(bundle) as archive:
        return {
            member.name.removeprefix("denluot-support/"): file.read().decode()
            for member in archive
            if (file := archive.extractfile(member))
        }


def test_it_has_what_helps_and_no_secret(place: Place, tmp_path: Path) -> None:
    bundle = tmp_path / "support.tar.gz"
    write_bundle(place, bundle, AT, lambda _name: None)
    assert bundle.stat().st_mode & 0o777 == 0o600
    texts = unpacked(bundle)
    assert {
        "README.txt",
        "versions.txt",
        "machine.txt",
        "doctor.txt",
        "site.txt",
        "verify.txt",
        "device.json",
        "centre.json",
        "audit.txt",
        "logs/service.log.txt",
    } <= set(texts)
    whole = "\n".join(texts.values())
    assert {name: s for name, s in SECRETS.items() if s in whole} == {}
    assert [person for person in PEOPLE if person in whole] == []
    assert "denluot" in texts["versions.txt"]
    assert "CIVIL" in texts["centre.json"]
    assert "logged_in" in texts["audit.txt"]
    assert "something … happened" in texts["logs/service.log.txt"]
    assert "sự kiện" in texts["verify.txt"] or "events" in texts["verify.txt"]


def test_every_secret_of_a_file_is_known(place: Place) -> None:
    known = known_secrets(place)
    assert {SECRETS[name] for name in ("broker", "own", "service", "buttons")} <= known


@pytest.mark.full
def test_a_machine_with_nothing_still_gets_a_bundle(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    bundle = tmp_path / "support.tar.gz"
    arguments = ["--data", str(tmp_path / "none"), "--root", str(tmp_path)]
    assert command([*arguments, "--output", str(bundle)]) == 0
    assert "Written" in capsys.readouterr().out
    assert "role -" in unpacked(bundle)["versions.txt"]
    assert command([*arguments, "--output", str(tmp_path / "no/where.tar.gz")]) == 1


def test_short_words_are_no_secrets() -> None:
    assert without("a kiosk of the hall", {"a", "of"}) == "a kiosk of the hall"
    assert without("secret-1 secret-12", {"secret-1", "secret-12"}) == "… …"
    half = "-----BEGIN RSA PRIVATE KEY-----\nMIIE"
    assert without(half, ()) == "…"
