"""OpenID Connect as a client: the code flow with PKCE, and what is believed of what comes back."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlsplit

import httpx
import msgspec
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from bus.typed import read_json
from config.settings import OidcProvider
from web.errors import SignInError

ALGORITHMS = ("RS256", "PS256", "ES256", "ES384", "EdDSA")
"""Signatures that are believed: those of a key that only the provider has."""
WITHIN_S = 10.0
_KEPT_S = 3600.0
_KEYS_AGAIN_S = 60.0
_LEEWAY_S = 60
_MOST_BYTES = 256 * 1024
_SCOPE = "openid profile email"
_LOCAL = frozenset({"127.0.0.1", "::1", "localhost"})

_T = TypeVar("_T")


class _Metadata(msgspec.Struct, frozen=True):
    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("client_secret_basic",)
    authorization_response_iss_parameter_supported: bool = False


class _Tokens(msgspec.Struct, frozen=True):
    id_token: str
    access_token: str = ""


@dataclass(frozen=True, slots=True)
class Attempt:
    """What one sign-in has of its own; the browser that began it keeps it."""

    state: str
    nonce: str
    verifier: str


class Provider:
    """Asks one provider; every method raises SignInError, which says for the log what is wrong."""

    def __init__(
        self,
        settings: OidcProvider,
        secret: str,
        *,
        now_s: Callable[[], float],
        monotonic: Callable[[], float],
    ) -> None:
        """Judge what it signs by `now_s`, seconds since 1970."""
        self.settings = settings
        self._secret = secret
        self._now_s = now_s
        self._monotonic = monotonic
        self._metadata: tuple[float, _Metadata] | None = None
        self._keys: tuple[float, KeySet] | None = None

    async def address(self, attempt: Attempt) -> str:
        """Return where a browser goes to sign in."""
        metadata = await self._discover()
        return str(
            prepare_grant_uri(
                metadata.authorization_endpoint,
                self.settings.client_id,
                "code",
                self.settings.redirect_uri,
                _SCOPE,
                attempt.state,
                nonce=attempt.nonce,
                code_challenge=create_s256_code_challenge(attempt.verifier),
                code_challenge_method="S256",
            )
        )

    async def account(self, attempt: Attempt, code: str, issuer: str | None) -> str:
        """Return the account that the provider vouches for; `issuer` came back with the code."""
        metadata = await self._discover()
        named = issuer is not None or metadata.authorization_response_iss_parameter_supported
        if named and issuer != metadata.issuer:
            raise SignInError("the code is of another provider")
        tokens = await self._tokens(metadata, attempt, code)
        claims = await self._claims(metadata, tokens, attempt)
        return self._account_of(claims)

    async def _discover(self) -> _Metadata:
        now = self._monotonic()
        if self._metadata is None or now - self._metadata[0] > _KEPT_S:
            issuer = self.settings.issuer
            address = f"{issuer.rstrip('/')}/.well-known/openid-configuration"
            found = _decoded(await self._ask("GET", address), _Metadata)
            if found.issuer != issuer:
                raise SignInError(f"the provider says that it is {found.issuer[:200]!r}")
            for endpoint in (found.authorization_endpoint, found.token_endpoint, found.jwks_uri):
                _require_safe(endpoint)
            self._metadata = (now, found)
        return self._metadata[1]

    async def _tokens(self, metadata: _Metadata, attempt: Attempt, code: str) -> _Tokens:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.settings.redirect_uri,
            "code_verifier": attempt.verifier,
        }
        auth: httpx.BasicAuth | None = None
        client = self.settings.client_id
        if self._secret and "client_secret_basic" in metadata.token_endpoint_auth_methods_supported:
            auth = httpx.BasicAuth(client, self._secret)
        else:
            form |= {"client_id": client}
            form |= {"client_secret": self._secret} if self._secret else {}
        return _decoded(await self._ask("POST", metadata.token_endpoint, form, auth), _Tokens)

    async def _claims(
        self, metadata: _Metadata, tokens: _Tokens, attempt: Attempt
    ) -> Mapping[str, Any]:
        try:
            token = jwt.decode(tokens.id_token, await self._key_set(metadata), list(ALGORITHMS))
        except (JoseError, ValueError):
            # It may have changed its keys since.
            keys = await self._key_set(metadata, again=True)
            try:
                token = jwt.decode(tokens.id_token, keys, list(ALGORITHMS))
            except (JoseError, ValueError) as error:
                raise SignInError(f"the signature is not the provider's: {error}") from error
        claims = CodeIDToken(
            token.claims,
            token.header,
            options={
                "iss": {"essential": True, "value": metadata.issuer},
                "aud": {"essential": True, "value": self.settings.client_id},
                "nonce": {"essential": True, "value": attempt.nonce},
            },
            params={
                "nonce": attempt.nonce,
                "client_id": self.settings.client_id,
                "access_token": tokens.access_token,
            },
        )
        try:
            claims.validate(now=int(self._now_s()), leeway=_LEEWAY_S)
        except (JoseError, ValueError, TypeError) as error:
            raise SignInError(f"what the provider signed is not for us now: {error}") from error
        return dict(claims)

    async def _key_set(self, metadata: _Metadata, *, again: bool = False) -> KeySet:
        now = self._monotonic()
        kept_s = _KEYS_AGAIN_S if again else _KEPT_S
        if self._keys is None or now - self._keys[0] > kept_s:
            body = await self._ask("GET", metadata.jwks_uri)
            try:
                keys = KeySet.import_key_set(msgspec.json.decode(body))
            except (JoseError, RecursionError, KeyError, TypeError, ValueError) as error:
                raise SignInError(f"the provider's keys cannot be read: {error}") from error
            self._keys = (now, keys)
        return self._keys[1]

    def _account_of(self, claims: Mapping[str, Any]) -> str:
        name = self.settings.claim
        value = claims.get(name)
        if not isinstance(value, str) or not value:
            raise SignInError(f"the provider says nothing of {name!r}")
        if name == "email" and claims.get("email_verified") is not True:
            raise SignInError("the provider has not verified the address")
        if self.settings.accounts:
            return self.settings.accounts.get(value, "")
        return value

    async def _ask(
        self,
        method: str,
        address: str,
        form: Mapping[str, str] | None = None,
        auth: httpx.BasicAuth | None = None,
    ) -> bytes:
        _require_safe(address)
        client = httpx.AsyncClient(trust_env=False, follow_redirects=False, timeout=WITHIN_S)
        try:
            async with asyncio.timeout(WITHIN_S), client:
                request = client.build_request(method, address, data=form)
                answer = await client.send(request, auth=auth, stream=True)
                body = b""
                async for chunk in answer.aiter_bytes():
                    body += chunk
                    if len(body) > _MOST_BYTES:
                        raise SignInError("the provider's answer is too long")
        except (httpx.HTTPError, TimeoutError, ValueError) as error:
            why = f"{type(error).__name__}: {error}"
            raise SignInError(f"the provider does not answer: {why}") from error
        if answer.status_code != httpx.codes.OK:
            raise SignInError(f"the provider answered with status {answer.status_code}")
        return body


def _require_safe(address: str) -> None:
    parts = urlsplit(address)
    local = parts.scheme == "http" and parts.hostname in _LOCAL
    if not (parts.scheme == "https" and parts.hostname) and not local:
        raise SignInError(f"the provider uses an address without TLS: {address[:200]!r}")


def _decoded(body: bytes, kind: type[_T]) -> _T:
    try:
        return read_json(body, kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise SignInError(f"the provider's answer is not readable: {error}") from error
