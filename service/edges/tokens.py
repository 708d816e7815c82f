"""Checks bearer tokens, JWTs of configured issuers, with PyJWT; what a token allows is decided by the web layer."""

import json
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jwt
import requests

ALGORITHMS = ("RS256", "RS384", "ES256", "ES384", "PS256", "PS384")
"""Asymmetric ones alone: whoever can check a token of a shared secret could also make one."""

LEEWAY_SECONDS = 30
SECONDS_BETWEEN_FETCHES = 60
SECONDS_TO_KEEP = 3600
FETCH_TIMEOUT_SECONDS = 3
LONGEST_TOKEN = 16 * 1024


class TokenRefused(Exception):  # noqa: N818 - the word of the glossary: a token is refused
    """Say why a token is refused, without a word of the token."""


class KeysMissing(Exception):  # noqa: N818 - reads as what happened
    """Say that the keys of an issuer could not be had, so that no token of it can be checked now."""


class InvalidIssuers(Exception):  # noqa: N818 - reads as what happened
    """Say what is wrong with the file of issuers."""


@dataclass(frozen=True, slots=True)
class Issuer:
    """Name one issuer: its ``iss``, the audience that must be named, where its keys are, the claim with the tenant.

    ``keys`` is the path of a JWKS file or an https address; ``tenant_claim`` is empty where all its tokens are of one
    tenant, ``tenant``.
    """

    issuer: str
    audience: str
    keys: str
    tenant_claim: str
    tenant: str


@dataclass(frozen=True, slots=True)
class Claims:
    """What a token says that was checked: the tenant, who sends (client and user), and its scopes."""

    tenant: str
    agent: str
    scopes: frozenset[str]


@dataclass(slots=True)
class _Keys:
    by_id: dict[str, jwt.PyJWK] = field(default_factory=dict)
    fetched: float = float("-inf")


@dataclass(frozen=True, slots=True)
class Tokens:
    """Check the tokens of these issuers; keys are fetched when they are first needed, and again for an unknown one."""

    issuers: Mapping[str, Issuer]
    clock: Callable[[], float] = time.monotonic
    keys: dict[str, _Keys] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def claims(self, token: str) -> Claims:
        """Return what a token says; raise TokenRefused, or KeysMissing where nobody can tell now."""
        if len(token) > LONGEST_TOKEN:
            raise TokenRefused("the token is longer than is read")
        issuer, key_id = self._issuer_and_key(token)
        key = self._key(issuer, key_id)
        try:
            said = jwt.decode(
                token,
                key,
                algorithms=[key.algorithm_name],
                audience=issuer.audience,
                issuer=issuer.issuer,
                leeway=LEEWAY_SECONDS,
                options={"require": ["exp", "iss", "aud"]},
            )
        except jwt.ExpiredSignatureError:
            raise TokenRefused("the token has expired") from None
        except jwt.InvalidAudienceError:
            raise TokenRefused("the token is not for this service") from None
        except jwt.PyJWTError:
            raise TokenRefused("the token is not valid: its signature or a claim is wrong") from None
        return Claims(_tenant(issuer, said), _agent(said), _scopes(said))

    def _issuer_and_key(self, token: str) -> tuple[Issuer, str]:
        """Read whose token it says it is: that only chooses the key which then proves it."""
        try:
            header = jwt.get_unverified_header(token)
            said = jwt.decode(token, options={"verify_signature": False})
        except jwt.PyJWTError:
            raise TokenRefused("the token is not a JWT") from None
        issuer = self.issuers.get(str(said.get("iss")))
        if issuer is None:
            raise TokenRefused("the token's issuer is not one of those that are configured")
        if header.get("alg") not in ALGORITHMS:
            raise TokenRefused(f"the token's algorithm is not allowed; allowed are {', '.join(ALGORITHMS)}")
        return issuer, str(header.get("kid", ""))

    def _key(self, issuer: Issuer, key_id: str) -> jwt.PyJWK:
        with self.lock:
            known = self.keys.setdefault(issuer.issuer, _Keys())
            age = self.clock() - known.fetched
            if age > SECONDS_TO_KEEP or (key_id not in known.by_id and age > SECONDS_BETWEEN_FETCHES):
                self._fetch(issuer, known)
            if key_id not in known.by_id:
                raise TokenRefused("the token names a key that its issuer does not have")
            return known.by_id[key_id]

    def _fetch(self, issuer: Issuer, known: _Keys) -> None:
        """Take the issuer's keys anew; where they cannot be had, those that are known go on for a while."""
        try:
            read = _usable(_read(issuer.keys))
        except (OSError, ValueError, KeyError, TypeError, jwt.PyJWTError) as error:
            known.fetched = self.clock() - SECONDS_TO_KEEP + SECONDS_BETWEEN_FETCHES
            if not known.by_id:
                raise KeysMissing(f"the keys of an issuer cannot be had ({type(error).__name__})") from None
            return
        known.by_id, known.fetched = read, self.clock()


def read_issuers(path: Path) -> Tokens:
    """Read the file of issuers, JSON: ``[{"issuer", "audience", "keys", "tenantClaim" or "tenant"}]``.

    Raises InvalidIssuers with the place and what is allowed.
    """
    try:
        rows = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise InvalidIssuers(f"the file of issuers cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise InvalidIssuers("the file of issuers is not JSON") from error
    if not isinstance(rows, list) or not rows:
        raise InvalidIssuers("the file of issuers is not an array with at least one issuer")
    issuers = [_issuer(row, index) for index, row in enumerate(rows)]
    if len({one.issuer for one in issuers}) < len(issuers):
        raise InvalidIssuers("the file of issuers names an issuer twice")
    return Tokens({one.issuer: one for one in issuers})


NEEDED = {"issuer", "audience", "keys"}
OF_TENANT = {"tenantClaim", "tenant"}


def _issuer(row: object, index: int) -> Issuer:
    allowed = "allowed are issuer, audience, keys, and tenantClaim or tenant, each a text"
    if not isinstance(row, dict) or not all(isinstance(value, str) and value for value in row.values()):
        raise InvalidIssuers(f"issuer {index + 1}: {allowed}")
    if not row.keys() >= NEEDED or not row.keys() <= NEEDED | OF_TENANT or len(row.keys() & OF_TENANT) != 1:
        raise InvalidIssuers(f"issuer {index + 1}: {allowed}")
    if "://" in row["keys"] and not row["keys"].startswith("https://"):
        raise InvalidIssuers(f"issuer {index + 1}: keys are fetched by https alone, or read from a file")
    return Issuer(row["issuer"], row["audience"], row["keys"], row.get("tenantClaim", ""), row.get("tenant", ""))


def _read(keys: str) -> Any:  # noqa: ANN401 - JSON
    if not keys.startswith("https://"):
        return json.loads(Path(keys).read_text("utf-8"))
    answer = requests.get(keys, timeout=FETCH_TIMEOUT_SECONDS, allow_redirects=False)
    answer.raise_for_status()
    return answer.json()


def _usable(jwks: Mapping[str, Any]) -> dict[str, jwt.PyJWK]:
    """Keep the keys that sign by an algorithm that is allowed; each token names its own by ``kid``."""
    usable = {}
    for row in jwks["keys"]:
        if row.get("use", "sig") == "sig" and row.get("kty") in ("RSA", "EC") and "kid" in row:
            key = jwt.PyJWK(row)
            if key.algorithm_name in ALGORITHMS:
                usable[str(row["kid"])] = key
    return usable


def _tenant(issuer: Issuer, said: Mapping[str, Any]) -> str:
    if not issuer.tenant_claim:
        return issuer.tenant
    tenant = said.get(issuer.tenant_claim)
    if not isinstance(tenant, str) or not tenant.strip():
        raise TokenRefused("the token does not name its tenant")
    return tenant


def _agent(said: Mapping[str, Any]) -> str:
    """Name who sends: the client, and the user where the token has one; neither is the patient."""
    named = [said.get("client_id") or said.get("azp"), said.get("sub")]
    return " for ".join(dict.fromkeys(str(one) for one in named if one)) or "unnamed client"


def _scopes(said: Mapping[str, Any]) -> frozenset[str]:
    written = said.get("scope", said.get("scp", ""))
    words: Sequence[Any] = written.split() if isinstance(written, str) else written if isinstance(written, list) else ()
    return frozenset(str(word) for word in words)
