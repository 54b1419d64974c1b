"""SPAKE2 between a box and its server, bound to the certificate that the box saw.

Both prove that they know the code before either learns more than that; who stands between them
with another certificate fails like one who guesses.
"""

import base64
import hashlib
import hmac
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from spake2 import SPAKE2_A, SPAKE2_B, SPAKEError
from spake2.ed25519_basic import NotOnCurve

from provisioning.errors import PairingError

_PROTOCOL = b"denluot-join-1"
_ONE_MESSAGE = bytes(12)
"""The nonce: a key seals one message and no second one."""
_KEY_BYTES = 32


class DeviceSide:
    """The box: knows the code and has seen a certificate (its SHA-256)."""

    def __init__(self, secret: str, certificate: bytes, *, scanned: bool = False) -> None:
        self._side = SPAKE2_A(*_arguments(secret, certificate, scanned))
        self.element: str = self._side.start().hex()
        self._certificate = certificate
        self._keys: _Keys | None = None

    def take(self, element: str) -> str:
        """Take the server's half and return the confirmation; raises PairingError."""
        self._keys = _finish(self._side, self.element, element, element, self._certificate)
        return self._keys.confirmation

    def open(self, sealed: str) -> bytes:
        """Return what the server sealed; raises PairingError where it does not know the code."""
        if self._keys is None:
            raise PairingError("the server's half comes first")
        try:
            return self._keys.cipher.decrypt(
                _ONE_MESSAGE, base64.b64decode(sealed, validate=True), self._keys.transcript
            )
        except (InvalidTag, ValueError) as error:
            raise PairingError("the answer does not come from the server") from error


class ServerSide:
    """The server: knows the code and the certificate that it serves by."""

    def __init__(self, secret: str, certificate: bytes, element: str, *, scanned: bool) -> None:
        """Take the box's half; raises PairingError where it is none."""
        side = SPAKE2_B(*_arguments(secret, certificate, scanned))
        self.element: str = side.start().hex()
        self._keys = _finish(side, element, self.element, element, certificate)

    def confirms(self, confirmation: str) -> bool:
        """Return whether the box knows the code and saw our certificate."""
        return hmac.compare_digest(self._keys.confirmation, confirmation)

    def seal(self, content: bytes) -> str:
        """Return `content` for the box alone; once, since a second would share its nonce."""
        sealed = self._keys.cipher.encrypt(_ONE_MESSAGE, content, self._keys.transcript)
        return base64.b64encode(sealed).decode()


class _Keys:
    def __init__(self, key: bytes, transcript: bytes) -> None:
        both = HKDF(hashes.SHA256(), 2 * _KEY_BYTES, None, _PROTOCOL + transcript).derive(key)
        self.transcript = transcript
        self.confirmation = hmac.digest(both[:_KEY_BYTES], b"box" + transcript, "sha256").hex()
        self.cipher = ChaCha20Poly1305(both[_KEY_BYTES:])


def _arguments(secret: str, certificate: bytes, scanned: bool) -> tuple[bytes, bytes, bytes]:
    """Return password and identities: the code, the box, and the server by its certificate."""
    how = b"scanned:" if scanned else b"typed:"
    return how + secret.encode(), _PROTOCOL + b" box", _PROTOCOL + b" server " + certificate


def _finish(side: Any, box: str, server: str, foreign: str, certificate: bytes) -> _Keys:  # noqa: ANN401 - the library has no types
    transcript = hashlib.sha256(bytes.fromhex(box) + bytes.fromhex(server) + certificate).digest()
    try:
        return _Keys(side.finish(bytes.fromhex(foreign)), transcript)
    except (SPAKEError, NotOnCurve, ValueError) as error:
        raise PairingError("not a half of this exchange") from error
