import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.address import check_public_url


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
