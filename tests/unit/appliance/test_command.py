import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from appliance.centre import lock_data
from appliance.run import parse_time
from bus.broker import mosquitto_program
from config import BUILT_IN_CENTRE, ConfigError, load_centre
from wait_log.dialects import store_url
from wait_log.rows import Batch, DayRow
from wait_log.store import open_store

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


def denluot(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "appliance", *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=60, stdin=subprocess.DEVNULL
    )


def test_help_names_every_command() -> None:
    done = denluot("--help")
    assert done.returncode == 0
    for name in ("run", "simulate", "doctor", "check-config", "ticket", "verify", "day", "test"):
        assert f"  {name} " in done.stdout
    assert "  simulate-device " in done.stdout


def test_simulate_device_starts_a_device_that_is_not_there(tmp_path: Path) -> None:
    assert denluot("simulate-device", "teapot").returncode == 2
    asked = denluot("simulate-device", "--help")
    assert asked.returncode == 0
    assert "keypad" in asked.stdout
    keypad = denluot("simulate-device", "keypad", "--line", str(tmp_path / "line"))
    assert keypad.returncode == 0
    assert "các bàn phím (UNIT): line-1" in keypad.stdout
    sign = denluot("simulate-device", "sign", "--link", str(tmp_path / "signs"))
    assert sign.returncode == 0
    assert "1: [    ]" in sign.stdout


def test_ticket_preview_draws_a_ticket(tmp_path: Path) -> None:
    assert denluot("ticket").returncode == 2
    assert "{preview}" in denluot("ticket", "--help").stdout
    target = tmp_path / "mine.png"
    done = denluot("ticket", "preview", "--service", "CIVIL", "--out", str(target))
    assert (done.returncode, done.stderr) == (0, "")
    assert target.read_bytes().startswith(b"\x89PNG")


def test_an_unknown_command_shows_the_help_and_ends_with_2() -> None:
    done = denluot("fly")
    assert done.returncode == 2
    assert "không có lệnh 'fly'" in done.stderr


def test_check_config_says_ok_or_what_is_wrong(tmp_path: Path) -> None:
    assert denluot("check-config", str(BUILT_IN_CENTRE)).stdout.endswith(
        "tốt, 9 lĩnh vực tại 9 quầy\n"
    )
    broken = tmp_path / "centre.toml"
    broken.write_text(BUILT_IN_CENTRE.read_text().replace("digit = 2", "digit = 1", 1))
    done = denluot("check-config", str(broken))
    assert done.returncode == 2
    assert done.stderr == (
        f"{broken}: digit 1 is already that of services[0] - at $.services[1].digit\n"
    )
    assert denluot("check-config").returncode == 2


def test_run_ends_with_2_and_one_line_before_anything_starts(tmp_path: Path) -> None:
    broken = tmp_path / "centre.toml"
    broken.write_text("[identity]\nsites = 1\n")
    done = denluot("run", "--config", str(broken), "--data", str(tmp_path / "data"))
    assert done.returncode == 2
    assert done.stderr.startswith(f"{broken}: Object contains unknown field `sites`")
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "data").exists()


def test_now_is_local_time_today_or_a_full_moment() -> None:
    assert parse_time("2026-11-23T07:30", ZONE) == datetime(2026, 11, 23, 0, 30, tzinfo=UTC)
    assert parse_time("2026-11-23T07:30:00+00:00", ZONE).astimezone(UTC).hour == 7
    assert parse_time("7:30", ZONE).astimezone(ZONE).strftime("%H:%M") == "07:30"
    with pytest.raises(ConfigError, match="expected a time such as"):
        parse_time("noon", ZONE)


def test_check_config_reads_a_device_file_too(tmp_path: Path) -> None:
    right = tmp_path / "device.toml"
    right.write_text('[[boards]]\ndevice = "board-7"\n')
    asked = denluot("check-config", "--device", str(right))
    assert asked.stdout.startswith(
        f"{right}: tốt, các thiết bị: kiosk-1, board-7, announcer-1, counter-1, "
    )
    broken = tmp_path / "broken.toml"
    broken.write_text("[kiosk]\nprinter = 1\n")
    done = denluot("check-config", str(BUILT_IN_CENTRE), "--device", str(broken))
    assert done.returncode == 2
    assert done.stdout.startswith(f"{BUILT_IN_CENTRE}: tốt")
    assert done.stderr.startswith(f"{broken}: ")


_MORE_COMMANDS = (
    *("verify", "day", "simulate-device keypad"),
    *("simulate", "doctor", "check-config", "test", "printer", "printer test", "ticket"),
    *("simulate-device", "simulate-device buttons", "simulate-device printer"),
    *("simulate-device sign", "voice", "voice check", "voice say"),
)


@pytest.mark.parametrize(
    "command",
    [
        *("run", "ticket preview", "voice record"),
        *(pytest.param(command, marks=pytest.mark.full) for command in _MORE_COMMANDS),
    ],
)
def test_help_is_in_the_language_of_whoever_asks(
    command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "vi_VN.UTF-8")
    vietnamese = denluot(*command.split(), "--help").stdout
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    english = denluot(*command.split(), "--help").stdout
    assert vietnamese.startswith(f"cách dùng: denluot {command} ")
    assert "tùy chọn" in vietnamese
    assert english.startswith(f"usage: denluot {command} ")
    assert "options" in english
    foreign = set("ăâđêôơưáàảãạấầẩẫậắằẳẵặéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ")
    assert not foreign & set(english.lower().replace("bản in lại", ""))


@pytest.mark.parametrize("option", ["--mqtt-port", "--web-port"])
@pytest.mark.parametrize(
    "port",
    ["-1", *(pytest.param(n, marks=pytest.mark.full) for n in ("0", "99999", "http", "9" * 100))],
)
def test_a_port_that_is_none_is_one_line(option: str, port: str) -> None:
    done = denluot("run", option, port)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert done.stderr.splitlines()[-1].startswith(f"denluot run: lỗi: {option}: ")


@pytest.mark.parametrize(
    "text",
    ["a = " + "[" * 100_000 + "]" * 100_000, "a = " + "9" * 10_000, "a" + ".a" * 5000 + " = 1"],
    ids=["nested", "digits", "dotted"],
)
def test_a_monstrous_file_is_one_line(text: str, tmp_path: Path) -> None:
    file = tmp_path / "centre.toml"
    file.write_text(text)
    done = denluot("check-config", str(file))
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert len(done.stderr) < 1000


@pytest.mark.parametrize("options", [["--data", "{file}"], ["--data", "{file}/deeper"]])
def test_data_that_is_no_directory_is_one_line(options: list[str], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = denluot("run", "--headless", *(o.format(file=tmp_path / "file") for o in options))
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "choose another directory with --data" in done.stderr


def test_a_store_that_is_none_is_one_line(tmp_path: Path) -> None:
    done = denluot("run", "--headless", "--data", str(tmp_path / "data"), "--store", "mysql://x")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "postgresql+psycopg" in done.stderr
    assert not (tmp_path / "data").exists()


def test_a_new_data_directory_is_for_this_account_alone(tmp_path: Path) -> None:
    os.close(lock_data(tmp_path / "data"))
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700


@pytest.mark.skipif(mosquitto_program() is None, reason="mosquitto is not installed")
def test_a_damaged_store_ends_a_run_with_what_is_wrong(tmp_path: Path) -> None:
    store = open_store(store_url(tmp_path), load_centre().identity.site, lambda: "epoch")
    store.commit(Batch(days=[DayRow("2026-11-23", 1, 5)]))
    store.close()
    done = denluot("run", "--headless", "--data", str(tmp_path))
    assert done.returncode == 2
    assert "day 2026-11-23 is in the table but not in the log" in done.stderr
    assert "keep a copy" in done.stderr
    assert "Traceback" not in done.stderr
