"""A real Chromium opens the server's page after the script, and refuses to before."""

import os
import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Error, sync_playwright

from provisioning.authority import Authority
from provisioning.officers_pc.files import LINUX, ca_files

CHROMIUM = Path("/usr/bin/chromium")
PAGE = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n<h1>Hall</h1>"
NOW = datetime.now(UTC)  # noqa: TID251 - a browser looks at the machine's own clock

pytestmark = [
    pytest.mark.full,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="chromium is not installed"),
    pytest.mark.skipif(not shutil.which("certutil"), reason="libnss3-tools is not installed"),
]


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    made = Authority(tmp_path / "authority", "hoa-binh", NOW)
    made.renew_server(NOW, ["localhost", "127.0.0.1"])
    return made


@pytest.fixture
def address(authority: Authority) -> Iterator[str]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority.server)
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection, suppress(OSError):
                connection.settimeout(30)
                with context.wrap_socket(connection, server_side=True) as secure:
                    if secure.recv(4096):
                        secure.sendall(PAGE)

    thread = threading.Thread(target=serve)
    thread.start()
    yield f"https://127.0.0.1:{listener.getsockname()[1]}/"
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    thread.join()


def heading(home: Path, address: str) -> str:
    """Return what a browser of this home shows of the page; raises Error where it refuses."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch_persistent_context(
            home / "profile",
            executable_path=CHROMIUM,
            args=["--no-sandbox"],
            env={"HOME": str(home), "PATH": os.environ["PATH"]},
        )
        try:
            page = browser.new_page()
            page.goto(address)
            return page.inner_text("h1")
        finally:
            browser.close()


def test_the_page_opens_without_a_warning_once_the_script_has_run(
    authority: Authority, address: str, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    with pytest.raises(Error, match="ERR_CERT_AUTHORITY_INVALID"):
        heading(home, address)
    script = tmp_path / LINUX
    script.write_bytes(ca_files(authority.public)[LINUX])
    subprocess.run(
        ["sh", str(script)],
        env={"HOME": str(home), "PATH": os.environ["PATH"]},
        stdin=subprocess.DEVNULL,
        check=True,
        timeout=60,
    )
    assert heading(home, address) == "Hall"
