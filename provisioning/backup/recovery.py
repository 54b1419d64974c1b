"""The recovery phrase: what a person keeps on paper so that accounts and the authority come back.

Of the phrase a key pair is made, and only its public half stays on the server: backups made by
night are sealed with it, and nothing that a thief finds on the box opens an older stick.
"""

import hashlib
import secrets
import unicodedata
from collections.abc import Callable
from importlib import resources
from pathlib import Path

import msgspec
from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bus.typed import read_json
from config.durable import replace_privately
from hall.words import N_
from provisioning.backup.errors import BackupError, WrongPhraseError

RECOVERY_FILE = "recovery.json"
SECRET_WORDS = 16
"""One of 256 words each: 128 bits; one more word finds slips of the pen."""
PHRASE_WORDS = SECRET_WORDS + 1
_MAGIC = b"denluot identity 1\n"
_KEY_BYTES, _SALT_BYTES = 32, 16
_PASSES, _MEMORY_KIB, _LANES = 3, 65536, 1


class _Recovery(msgspec.Struct, frozen=True):
    salt: bytes
    public: bytes


def make_recovery(data: Path, random_bytes: Callable[[int], bytes] = secrets.token_bytes) -> str:
    """Make a new phrase and keep its public half in `data`; return the phrase, once.

    Later backups are sealed by it, earlier ones by the phrase before. Raises BackupError.
    """
    secret, salt = random_bytes(SECRET_WORDS), random_bytes(_SALT_BYTES)
    public = _private_key(secret, salt).public_key().public_bytes_raw()
    try:
        content = msgspec.json.encode(_Recovery(salt, public))
        replace_privately(data / RECOVERY_FILE, content)
    except OSError as error:
        raise BackupError(N_("Không ghi được {file}: {why}"), file=data, why=error) from error
    words = _words()
    return " ".join(words[byte] for byte in (*secret, _check_byte(secret)))


def has_recovery(data: Path) -> bool:
    """Return whether a phrase was made for the server of `data`."""
    return (data / RECOVERY_FILE).is_file()


def seal(data: Path, content: bytes) -> bytes | None:
    """Return `content` so that only the phrase opens it, None while there is no phrase."""
    try:
        known = read_json((data / RECOVERY_FILE).read_bytes(), _Recovery)
        public = X25519PublicKey.from_public_bytes(known.public)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, RecursionError) as error:
        raise BackupError(
            N_("Không đọc được {file}: {why}"), file=data / RECOVERY_FILE, why=error
        ) from error
    once = X25519PrivateKey.generate()
    head = _MAGIC + known.salt + known.public + once.public_key().public_bytes_raw()
    key = _shared_key(once.exchange(public), head)
    return head + ChaCha20Poly1305(key).encrypt(bytes(12), content, head)


def unseal(sealed: bytes, phrase: str) -> bytes:
    """Return what `seal` sealed; raises WrongPhraseError, or BackupError for what is no seal."""
    head_bytes = len(_MAGIC) + _SALT_BYTES + 2 * _KEY_BYTES
    if not sealed.startswith(_MAGIC) or len(sealed) < head_bytes:
        raise BackupError(N_("Tệp tài khoản trong bản sao lưu không đúng dạng."))
    head, rest = sealed[:head_bytes], sealed[len(_MAGIC) :]
    salt, public = rest[:_SALT_BYTES], rest[_SALT_BYTES : _SALT_BYTES + _KEY_BYTES]
    once = rest[_SALT_BYTES + _KEY_BYTES : _SALT_BYTES + 2 * _KEY_BYTES]
    private = _private_key(secret_of(phrase), salt)
    if private.public_key().public_bytes_raw() != public:
        raise WrongPhraseError(N_("Cụm từ khôi phục này không phải của bản sao lưu này."))
    key = _shared_key(private.exchange(X25519PublicKey.from_public_bytes(once)), head)
    try:
        return ChaCha20Poly1305(key).decrypt(bytes(12), sealed[head_bytes:], head)
    except InvalidTag as error:
        raise BackupError(N_("Tệp tài khoản trong bản sao lưu đã bị hỏng.")) from error


def secret_of(phrase: str) -> bytes:
    """Return the secret of a typed phrase, with or without marks; raises WrongPhraseError."""
    numbers = {_without_marks(word): number for number, word in enumerate(_words())}
    typed = [_without_marks(word) for word in phrase.replace(",", " ").split()]
    unknown = [word for word in typed if word not in numbers]
    if unknown:
        raise WrongPhraseError(
            N_("Từ “{word}” không có trong bảng từ của cụm từ khôi phục."), word=unknown[0][:20]
        )
    if len(typed) != PHRASE_WORDS:
        raise WrongPhraseError(
            N_("Cụm từ khôi phục có {count} từ, ở đây có {typed}."),
            count=PHRASE_WORDS,
            typed=len(typed),
        )
    *secret, check = (numbers[word] for word in typed)
    if _check_byte(bytes(secret)) != check:
        raise WrongPhraseError(N_("Cụm từ khôi phục có một từ sai hoặc sai thứ tự."))
    return bytes(secret)


def _private_key(secret: bytes, salt: bytes) -> X25519PrivateKey:
    made = hash_secret_raw(secret, salt, _PASSES, _MEMORY_KIB, _LANES, _KEY_BYTES, Type.ID)
    return X25519PrivateKey.from_private_bytes(made)


def _shared_key(shared: bytes, head: bytes) -> bytes:
    return HKDF(hashes.SHA256(), _KEY_BYTES, salt=None, info=head).derive(shared)


def _check_byte(secret: bytes) -> int:
    return hashlib.sha256(secret).digest()[0]


def _words() -> list[str]:
    text = resources.files("provisioning.backup").joinpath("phrase_words.txt")
    return text.read_text(encoding="utf-8").split()


def _without_marks(word: str) -> str:
    plain = unicodedata.normalize("NFD", word.lower().replace("đ", "d"))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))
