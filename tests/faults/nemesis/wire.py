"""A cable that repeats, holds back and overtakes: MQTT packets between a device and its broker.

It carries whole packets, so that what arrives is always MQTT; what it does to them a network of
bridges, a broker that was killed, or a device that sends again does as well. To read them it must
have the server's own key: nobody else in the hall could do this.
"""

import random
import select
import socket
import ssl
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from provisioning.authority import client_context

_PUBLISH = 3
_DUP = 0x08
_QOS = 0x06
_HELD_S = 0.25
_ANSWERS_WITHIN_S = 3.0
_REMEMBERED = 40


class Packets:
    """Cuts a stream of bytes into whole MQTT packets."""

    def __init__(self) -> None:
        self._begun = b""

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Return the packets that are whole now."""
        self._begun += data
        while (size := _size_of(self._begun)) is not None and len(self._begun) >= size:
            packet, self._begun = self._begun[:size], self._begun[size:]
            yield packet


def _size_of(begun: bytes) -> int | None:
    """Return the size of the first packet, None while its head is not whole."""
    length, shift = 0, 0
    for index, byte in enumerate(begun[1:5], 1):
        length |= (byte & 0x7F) << shift
        shift += 7
        if not byte & 0x80:
            return 1 + index + length
    return None


def is_publish(packet: bytes) -> bool:
    """Return whether a packet carries a message."""
    return packet[0] >> 4 == _PUBLISH


def repeated(packet: bytes) -> bytes:
    """Return a message once more, as a sender that saw no acknowledgement sends it."""
    return bytes([packet[0] | (_DUP if packet[0] & _QOS else 0)]) + packet[1:]


class Mischief:
    """Decides what becomes of each packet of one direction."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._held: list[bytes] = []
        self._old: deque[bytes] = deque(maxlen=_REMEMBERED)

    def carry(self, packet: bytes, *, wild: bool) -> list[bytes]:
        """Return what goes on now, in its order."""
        if not is_publish(packet):
            return [packet]
        self._old.append(packet)
        if not wild:
            return [*self.let_go(), packet]
        chance = self._rng.random()
        if chance < 0.25 and not self._held:
            self._held.append(packet)
            return []
        sent = [packet, *self.let_go()]
        if chance > 0.75:
            sent.append(repeated(packet))
        if chance > 0.95:
            sent.append(repeated(self._rng.choice(self._old)))
        return sent

    def let_go(self) -> list[bytes]:
        """Return what was held back."""
        held, self._held = self._held, []
        return held


class Wire:
    """Listens like a broker and carries everything to the real one."""

    def __init__(
        self,
        address: tuple[str, int],
        broker: tuple[str, int],
        seed: int,
        *,
        key: Path,
        authority: Path,
        server_name: str,
    ) -> None:
        self.wild = False
        self._near = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._near.load_cert_chain(key)
        self._far = client_context(authority)
        self._name = server_name
        self._broker = broker
        self._rng = random.Random(f"{seed} wire")
        self._plug = socket.create_server(address, reuse_port=False)
        self.port: int = self._plug.getsockname()[1]
        threading.Thread(target=self._accept, name="wire", daemon=True).start()

    def pull(self) -> None:
        """Carry nobody any more."""
        self._plug.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._plug.accept()
                threading.Thread(target=self._join, args=(near,), daemon=True).start()

    def _join(self, plain: socket.socket) -> None:
        try:
            plain.settimeout(_ANSWERS_WITHIN_S)
            near = self._near.wrap_socket(plain, server_side=True)
            opened = socket.create_connection(self._broker, timeout=_ANSWERS_WITHIN_S)
            far = self._far.wrap_socket(opened, server_hostname=self._name)
        except OSError:
            plain.close()
            return
        self._carry(near, far)

    def _carry(self, near: ssl.SSLSocket, far: ssl.SSLSocket) -> None:
        """Carry both ways until an end goes, in one thread: OpenSSL bears no two at one socket."""
        ways = [_Way(*ends, self._rng.random()) for ends in ((near, far), (far, near))]
        with suppress(OSError):
            while all(way.carry(wild=self.wild) for way in ways):
                if not (near.pending() or far.pending()):
                    select.select((near, far), (), (), _HELD_S)
        for end in (near, far):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


class _Way:
    """One direction of a cable; what is held back is let go once nothing has come for a while."""

    def __init__(self, source: ssl.SSLSocket, target: ssl.SSLSocket, seed: float) -> None:
        self._source = source
        self._target = target
        self._packets = Packets()
        self._mischief = Mischief(random.Random(seed))
        self._heard_s = time.monotonic()

    def carry(self, *, wild: bool) -> bool:
        """Carry what has come; return False once the source is gone. Raises OSError for an end."""
        data = self._come()
        if data is None:
            if time.monotonic() - self._heard_s >= _HELD_S:
                self._target.sendall(b"".join(self._mischief.let_go()))
            return True
        self._heard_s = time.monotonic()
        for packet in self._packets.feed(data):
            self._target.sendall(b"".join(self._mischief.carry(packet, wild=wild)))
        return bool(data)

    def _come(self) -> bytes | None:
        """Return what has come, None for nothing: not every TLS record carries something."""
        within_s = self._source.gettimeout()
        self._source.settimeout(0)
        try:
            return self._source.recv(65536)
        except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
            return None
        finally:
            self._source.settimeout(within_s)
