"""An authority of one's own is no proof: phones of citizens would warn of it."""

import asyncio
import ssl
from datetime import UTC, datetime
from pathlib import Path

import pytest

from provisioning.authority import Authority
from web.phone.reach import publicly_trusted

NOW = datetime.now(UTC)  # noqa: TID251 - a certificate is valid at the real time


def test_a_certificate_that_this_machine_was_taught_to_trust_is_not_public(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = Authority(tmp_path / "authority", "nhi-chieu", NOW)
    authority.renew_server(NOW, ["127.0.0.1"])
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.public))
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(authority.server)
    asked: list[bytes] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        writer.close()

    async def ask() -> bool:
        server = await asyncio.start_server(answer, "127.0.0.1", 0, ssl=serving)
        async with server:
            port = server.sockets[0].getsockname()[1]
            taught = ssl.create_default_context()  # as a browser that was taught
            reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=taught)
            writer.write(b"HEAD / HTTP/1.1\r\n\r\n")
            assert await reader.read() != b""
            writer.close()
            return await publicly_trusted(f"https://127.0.0.1:{port}")

    assert not asyncio.run(ask())
    assert len(asked) == 1, "nothing was said to a server that proves nothing"
