from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config import ConfigError, load_device
from config.address import check_host, check_public_url


@pytest.mark.parametrize(
    "url",
    [
        "https://so.haiphong.gov.vn",
        "https://so.haiphong.gov.vn/",
        "HTTPS://So.HaiPhong.gov.vn:8443/nhi-chieu",
        "http://192.168.1.10:8080",
        "http://10.0.0.5",
        "http://[2001:4860:4860::8888]:8080",
        "https://xn--s-lha.vn",
    ],
)
def test_takes_what_a_phone_may_reach(url: str) -> None:
    check_public_url(url)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("so.haiphong.gov.vn", "begins with https://"),
        ("ftp://so.haiphong.gov.vn", "begins with https://"),
        ("https://", "begins with https://"),
        ("http://localhost:8080", "do not know the name 'localhost'"),
        ("http://kiosk", "do not know the name 'kiosk'"),
        ("http://kiosk.local", "192.168.1.10"),
        ("http://so.phuong.LAN.", "do not know"),
        ("http://127.0.0.1:8080", "this machine itself"),
        ("http://127.1", "no name of a host"),
        ("http://0.0.0.0", "this machine itself"),
        ("http://[::1]", "this machine itself"),
        ("http://[::ffff:127.0.0.1]", "this machine itself"),
        ("http://169.254.7.7", "cannot reach"),
        ("http://[fe80::1]", "cannot reach"),
        ("http://224.0.0.1", "cannot reach"),
        ("http://255.255.255.255", "cannot reach"),
        ("https://so.haiphong.gov.vn:99999", "is no web address"),
        ("https://[so", "is no web address"),
        ("https://a:b@so.haiphong.gov.vn", "name no user"),
        ("https://so.haiphong.gov.vn/?x=1", "before any '[?]'"),
        ("https://so.haiphong.gov.vn/#", "before any '[?]'"),
        ("https://số.vn", "copied"),
        ("https://so.haiphong.gov.vn/a b", "copied"),
        ("https://so..vn", "no name of a host"),
        ("https://so_moi.vn", "no name of a host"),
        ("https://so.vn/" + "a" * 120, "134 letters"),
    ],
)
def test_says_what_would_be_right_of_what_no_phone_reaches(url: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        check_public_url(url)


@given(st.text(max_size=130) | st.from_regex(r"https?://\S{0,40}", fullmatch=True))
def test_any_text_is_judged(url: str) -> None:
    try:
        check_public_url(url)
    except ValueError:
        return
    assert "://" in url
    assert url.isascii()


@pytest.mark.parametrize(
    "host",
    ["192.168.1.50", "fe80::1%eth0", "::", "0.0.0.0", "localhost", "MAY_IN-1", "may-in.hall.lan."],  # noqa: S104
)
def test_takes_hosts_of_the_hall(host: str) -> None:
    check_host(host)


PRINTER = '[[kiosk.printers]]\ndriver = "network"\nhost = "{}"'
SERIAL = '[[kiosk.printers]]\ndriver = "serial"\nurl = "{}"'
KEYPADS = "[[keypads]]\n[[keypads.call_devices]]\n{}"
SIGNS = '[[signs]]\nsigns = [{{counter = 1, address = 1}}]\nline = {{driver = "{}", url = "{}"}}'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (PRINTER.format("192.168.1..50"), "'192.168.1..50' is no address"),
        (PRINTER.format("192.168.1.500"), "at $.kiosk.printers[0].host"),
        (PRINTER.format("192.168.1"), "is no address"),
        (PRINTER.format(""), "is no address"),
        (PRINTER.format("máy in"), "is no address"),
        (PRINTER.format("a" * 64), "is no address"),
        (PRINTER.format("a." * 130 + "vn"), "is no address"),
        (SERIAL.format(""), "is no path"),
        (SERIAL.format("/dev/tty\\u0000USB0"), "at $.kiosk.printers[0].url"),
        (SERIAL.format("socket://192.168.1..50:4001"), "is no address"),
        (SERIAL.format("socket://192.168.1.50"), "needs a host and a port"),
        (SERIAL.format("socket://192.168.1.50:99999"), "is no address of a line"),
        ('[[kiosk.printers]]\ndriver = "file"\npath = " "', "at $.kiosk.printers[0].path"),
        (
            KEYPADS.format('driver = "usb"\npath = ""\ncounter = 1'),
            "at $.keypads[0].call_devices[0].path",
        ),
        (
            KEYPADS.format('driver = "mqtt"\nunits = {"shelly:a" = 1}\nbroker = {host = "a..b"}'),
            "at $.keypads[0].call_devices[0].broker.host",
        ),
        (SIGNS.format("modbus", ""), "at $.signs[0].line.url"),
        (SIGNS.format("ascii", "rfc2217://:1"), "at $.signs[0].line.url"),
        ('[broker]\nhost = "192.168.1..50"', "at $.broker.host"),
        ('[web]\nboard_names = ["bang", "a b"]', "at $.web.board_names[1]"),
    ],
)
def test_an_address_that_leads_nowhere_is_refused_when_the_file_is_read(
    tmp_path: Path, text: str, said: str
) -> None:
    path = tmp_path / "device.toml"
    path.write_text(text)
    with pytest.raises(ConfigError) as refused:
        load_device(path)
    assert str(refused.value).startswith(f"{path}: ")
    assert said in str(refused.value)
