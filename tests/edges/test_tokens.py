"""A token counts only when its issuer, key, algorithm, audience and time are all right."""

import json
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from service.edges.tokens import InvalidIssuers, KeysMissing, TokenRefused, Tokens, read_issuers

ISSUER, AUDIENCE = "https://login.invalid/realm", "https://triage.invalid/fhir"
EC = ec.generate_private_key(ec.SECP384R1())
RSA = rsa.generate_private_key(65537, 2048)
OTHER = ec.generate_private_key(ec.SECP384R1())
NOW = 1_800_000_000
FAR = 4_000_000_000


def jwks() -> dict[str, Any]:
    rows = [
        {**json.loads(jwt.algorithms.ECAlgorithm.to_jwk(EC.public_key())), "kid": "ec", "alg": "ES384", "use": "sig"},
        {**json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(RSA.public_key())), "kid": "rsa", "alg": "RS384"},
        {"kty": "oct", "k": "c2VjcmV0", "kid": "shared", "alg": "HS256"},
    ]
    return {"keys": rows}


@pytest.fixture
def tokens(tmp_path: Path) -> Tokens:
    return read_issuers(issuers(tmp_path))


def issuers(folder: Path, **changes: str | None) -> Path:
    (folder / "jwks.json").write_text(json.dumps(jwks()), "utf-8")
    row = {"issuer": ISSUER, "audience": AUDIENCE, "keys": str(folder / "jwks.json"), "tenantClaim": "tenant"}
    row = {key: value for key, value in {**row, **changes}.items() if value is not None}
    path = folder / "issuers.json"
    path.write_text(json.dumps([row]), "utf-8")
    return path


def token(key: Any = EC, algorithm: str = "ES384", kid: str = "ec", **claims: Any) -> str:
    said = {"iss": ISSUER, "aud": AUDIENCE, "exp": FAR, "sub": "nurse", "client_id": "ehr", "tenant": "north"}
    said |= {"scope": "system/QuestionnaireResponse.cr system/*.s"}
    kept = {name: value for name, value in {**said, **claims}.items() if value is not None}
    return jwt.encode(kept, key, algorithm, headers={"kid": kid})


@pytest.mark.parametrize(("key", "algorithm", "kid"), [(EC, "ES384", "ec"), (RSA, "RS384", "rsa")])
def test_a_sound_token_gives_tenant_agent_and_scopes(tokens: Tokens, key: Any, algorithm: str, kid: str) -> None:
    claims = tokens.claims(token(key, algorithm, kid))
    assert (claims.tenant, claims.agent) == ("north", "ehr for nurse")
    assert claims.scopes == {"system/QuestionnaireResponse.cr", "system/*.s"}


@pytest.mark.parametrize(
    ("made", "says", "comment"),
    [
        ("no token", "not a JWT", "no JWT at all"),
        (token(exp=1), "expired", "long ago"),
        (token(exp=None), "not valid", "no end"),
        (token(aud="https://other.invalid"), "not for this service", "another service"),
        (token(aud=None), "not valid", "no audience"),
        (token(iss="https://other.invalid"), "issuer", "another issuer"),
        (token(nbf=FAR), "not valid", "not yet"),
        (token(OTHER), "not valid", "another key under the same name"),
        (token(kid="none"), "a key that its issuer does not have", "an unknown key"),
        (token("secret" * 8, "HS256", "shared"), "algorithm is not allowed", "a shared secret"),
        (token("", "none", "ec"), "algorithm is not allowed", "no signature"),
        (token(RSA, "RS256", "rsa"), "not valid", "another algorithm than the key's own"),
        (token(tenant=None), "does not name its tenant", "no tenant"),
        (token(tenant=""), "does not name its tenant", "an empty tenant"),
        (token(tenant=["north"]), "does not name its tenant", "several tenants"),
        (token(padding="x" * 20_000), "longer than is read", "a flood"),
    ],
)
def test_whatever_is_wrong_refuses_the_token_without_repeating_it(
    tokens: Tokens, made: str, says: str, comment: str
) -> None:
    with pytest.raises(TokenRefused) as refused:
        tokens.claims(made)
    assert says in str(refused.value), comment
    assert "north" not in str(refused.value)


def test_an_issuer_of_one_tenant_needs_no_claim(tmp_path: Path) -> None:
    tokens = read_issuers(issuers(tmp_path, tenantClaim=None, tenant="south"))
    assert tokens.claims(token(tenant="north")).tenant == "south"


def test_keys_that_cannot_be_had_refuse_nobody_for_good(tmp_path: Path) -> None:
    path = issuers(tmp_path)
    now = [0.0]
    tokens = Tokens(read_issuers(path).issuers, lambda: now[0])
    keys = (tmp_path / "jwks.json").read_text("utf-8")
    (tmp_path / "jwks.json").unlink()
    with pytest.raises(KeysMissing):
        tokens.claims(token())
    (tmp_path / "jwks.json").write_text(keys, "utf-8")
    now[0] += 61
    assert tokens.claims(token()).tenant == "north"
    (tmp_path / "jwks.json").unlink()
    now[0] += 3601
    assert tokens.claims(token()).tenant == "north", "known keys go on while new ones cannot be had"


def test_a_new_key_is_found_but_not_asked_for_at_every_token(tmp_path: Path) -> None:
    path = issuers(tmp_path)
    now = [0.0]
    tokens = Tokens(read_issuers(path).issuers, lambda: now[0])
    assert tokens.claims(token()).tenant == "north"
    rotated = {"keys": [{**one, "kid": "new"} if one["kid"] == "ec" else one for one in jwks()["keys"]]}
    (tmp_path / "jwks.json").write_text(json.dumps(rotated), "utf-8")
    with pytest.raises(TokenRefused):
        tokens.claims(token(kid="new"))
    now[0] += 61
    assert tokens.claims(token(kid="new")).tenant == "north"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("{", "not JSON"),
        ("[]", "at least one issuer"),
        ("{}", "at least one issuer"),
        ('[{"issuer": "a"}]', "issuer 1"),
        ('[{"issuer": "a", "audience": "b", "keys": "c"}]', "tenantClaim or tenant"),
        ('[{"issuer": "a", "audience": "b", "keys": "c", "tenant": "d", "other": "e"}]', "issuer 1"),
        ('[{"issuer": "a", "audience": "b", "keys": "http://c", "tenant": "d"}]', "https alone"),
        ('[{"issuer": "a", "audience": "b", "keys": "c", "tenant": 1}]', "each a text"),
        (json.dumps([{"issuer": "a", "audience": "b", "keys": "c", "tenant": "d"}] * 2), "twice"),
    ],
)
def test_a_file_of_issuers_that_is_not_clear_refuses_the_start(tmp_path: Path, content: str, says: str) -> None:
    path = tmp_path / "issuers.json"
    path.write_text(content, "utf-8")
    with pytest.raises(InvalidIssuers) as refused:
        read_issuers(path)
    assert says in str(refused.value)


def test_a_missing_file_of_issuers_refuses_the_start(tmp_path: Path) -> None:
    with pytest.raises(InvalidIssuers):
        read_issuers(tmp_path / "none.json")
