"""A box's side of a pairing: it believes no server before the code has proved it."""

import hashlib
import socket
import ssl
from dataclasses import dataclass
from http.client import HTTPException, HTTPSConnection
from typing import Self, TypeVar

import msgspec

from bus.typed import read_json
from provisioning.authority import client_context
from provisioning.errors import PairingError
from provisioning.pairing.exchange import DeviceSide
from provisioning.pairing.messages import Finish, FinishReply, Grant, Hello, HelloReply, Refusal

HELLO, FINISH = "/pairing/hello", "/pairing/finish"
_MOST_ANSWER = 32 * 1024
_WITHIN_S = 15.0
_TRIES = 3
"""How often the second word is said when its answer is lost."""
T = TypeVar("T")


class RefusedByServerError(PairingError):
    """The server refuses; `why` is one of `offers.Why`."""

    def __init__(self, why: str) -> None:
        super().__init__(f"the server refuses: {why}")
        self.why = why


@dataclass(frozen=True, slots=True)
class Secret:
    """What a person typed, or a scanner read with the certificate (SHA-256, hex) it pins."""

    text: str
    certificate: str = ""


def pair(host: str, port: int, secret: Secret, own_name: str, version: str = "") -> Grant:
    """Pair this box with the server at `host` and return what it grants; raises PairingError."""
    scanned = bool(secret.certificate)
    with _Link(host, port) as link:
        if scanned and secret.certificate != link.certificate.hex():
            raise PairingError(
                "the server at this address has another certificate than the code says: somebody "
                "stands between, or the code is for another server"
            )
        side = DeviceSide(secret.text, link.certificate, scanned=scanned)
        hello = Hello(scanned=scanned, element=side.element, version=version[:60])
        begun = link.ask(HELLO, hello, HelloReply)
        confirmation = side.take(begun.element)
        finish = Finish(exchange=begun.exchange, confirmation=confirmation, host=own_name[:60])
        answer = link.ask(FINISH, finish, FinishReply, tries=_TRIES)
        try:
            grant = read_json(side.open(answer.sealed), Grant)
        except (ValueError, RecursionError) as error:
            raise PairingError(f"the server grants nothing that is known: {error}") from error
    _require_own_server(host, port, grant)
    return grant


class _Link:
    """A connection to a server, and the certificate (SHA-256) at its other end, unproven yet."""

    def __init__(self, host: str, port: int) -> None:
        self._address = host, port
        self._connection, self.certificate = self._connect()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def ask(self, path: str, body: msgspec.Struct, kind: type[T], *, tries: int = 1) -> T:
        """Return the answer; with several `tries` it is asked for again where it was lost."""
        for attempt in range(1, tries + 1):
            try:
                return self._ask_once(path, body, kind)
            except (OSError, HTTPException) as error:
                if attempt == tries:
                    raise PairingError(
                        f"the link to {self._address[0]} broke off: {error}; ask for a new code"
                    ) from error
            self._connection.close()
            self._connection, seen = self._connect()
            if seen != self.certificate:
                raise PairingError("another server answers than a moment ago")
        raise AssertionError

    def _connect(self) -> tuple[HTTPSConnection, bytes]:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE  # the code proves it
        host, port = self._address
        connection = HTTPSConnection(host, port, timeout=_WITHIN_S, context=context)
        try:
            connection.connect()
            seen = connection.sock.getpeercert(binary_form=True)
        except (OSError, HTTPException) as error:
            connection.close()
            raise PairingError(f"no server at {host}:{port}: {error}") from error
        return connection, hashlib.sha256(seen or b"").digest()

    def _ask_once(self, path: str, body: msgspec.Struct, kind: type[T]) -> T:
        content_type = {"Content-Type": "application/json"}
        self._connection.request("POST", path, msgspec.json.encode(body), content_type)
        response = self._connection.getresponse()
        content = response.read(_MOST_ANSWER + 1)
        if len(content) > _MOST_ANSWER:
            raise PairingError("the server answers too much")
        try:
            if response.status >= 300:  # noqa: PLR2004 - the protocol's number
                raise RefusedByServerError(read_json(content, Refusal).error)
            return read_json(content, kind)
        except (ValueError, RecursionError) as error:
            raise PairingError(
                f"no server of this product answers here (HTTP {response.status})"
            ) from error


def _require_own_server(host: str, port: int, grant: Grant) -> None:
    """Raise PairingError unless what was granted proves this very server from now on."""
    try:
        context = client_context(grant.authority)
        with (
            socket.create_connection((host, port), timeout=_WITHIN_S) as plain,
            context.wrap_socket(plain, server_hostname=grant.server_name),
        ):
            pass
    except (OSError, ValueError) as error:
        raise PairingError(
            f"the server does not prove by its own authority to be {grant.server_name}: {error}; "
            "look at the clock of this box and of the server"
        ) from error
