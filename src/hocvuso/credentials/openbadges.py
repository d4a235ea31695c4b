"""Open Badges 3.0 on the W3C Verifiable Credentials Data Model 2.0: build, sign, check. Pure: no database, no clock, no network.

Proof: Data Integrity `eddsa-rdfc-2022` (https://www.w3.org/TR/vc-di-eddsa/ §3.2): the document and the proof options are each
put in canonical form (RDFC-1.0) and hashed with SHA-256; the Ed25519 signature covers both hashes.
Status: Bitstring Status List 1.0 (https://www.w3.org/TR/vc-bitstring-status-list/).
"""

from __future__ import annotations

import base64
import copy
import gzip
import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from pyld import ContextResolver, jsonld
from pyld.jsonld import JsonLdProcessor

CREDENTIALS_CONTEXT = "https://www.w3.org/ns/credentials/v2"
BADGES_CONTEXT = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
DID_CONTEXTS = ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"]
CONTEXT_FILES = {CREDENTIALS_CONTEXT: "credentials-2.json", BADGES_CONTEXT: "open-badges-3.0.3.json"}
CONTEXTS = Path(__file__).resolve().parent / "contexts"
CRYPTOSUITE = "eddsa-rdfc-2022"
ED25519_PREFIX = b"\xed\x01"  # multicodec ed25519-pub
LIST_SIZE = 131_072  # bits in one status list: the least the standard allows, so that one person hides among many
_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


class Refused(Exception):
    """A credential that must not be believed. `reason` is a stable word: unreadable, unknown_key, tampered, early, expired,
    suspended, revoked."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


@dataclass(frozen=True)
class BadgeFacts:
    """What a credential says. Addresses are absolute; `score_percent` 0–100; `status_index` within each of `status_lists`."""

    address: str
    issuer_did: str
    issuer_name: str
    issuer_address: str
    holder_name: str
    achievement_address: str
    achievement_name: str
    achievement_version: str
    criteria: str
    skills: tuple[tuple[str, str], ...]  # code, name
    score_percent: int | None
    pass_percent: int | None
    issued_at: datetime
    status_lists: tuple[tuple[str, str], ...]  # purpose (revocation, suspension) and the address of its list
    status_index: int
    valid_until: datetime | None = None


def moment(value: datetime) -> str:
    """`2026-11-10T02:00:00Z`: XML Schema dateTimeStamp, whole seconds, UTC."""
    return value.astimezone(UTC).replace(microsecond=0).strftime("%Y-%m-%dT%H:%M:%SZ")


def build(facts: BadgeFacts) -> dict[str, Any]:
    """The AchievementCredential, not signed yet. Names its holder; carries no birth date, number or id of the person."""
    result_address = f"{facts.achievement_address}#diem"
    achievement: dict[str, Any] = {
        "id": facts.achievement_address,
        "type": ["Achievement"],
        "achievementType": "Certificate",
        "name": facts.achievement_name,
        "version": facts.achievement_version,
        "description": facts.criteria,
        "inLanguage": "vi",
        "criteria": {"narrative": facts.criteria},
        "creator": {"id": facts.issuer_did, "type": ["Profile"], "name": facts.issuer_name},
    }
    if facts.skills:
        achievement["alignment"] = [
            {
                "type": ["Alignment"],
                "targetCode": code,
                "targetName": name,
                "targetUrl": f"{facts.issuer_address}/#ky-nang-{quote(code)}",
            }
            for code, name in facts.skills
        ]
    subject: dict[str, Any] = {
        "type": ["AchievementSubject"],
        "identifier": [
            {"type": "IdentityObject", "hashed": False, "identityHash": facts.holder_name, "identityType": "name"}
        ],
        "achievement": achievement,
    }
    if facts.score_percent is not None:
        achievement["resultDescription"] = [
            {
                "id": result_address,
                "type": ["ResultDescription"],
                "name": "Điểm kiểm tra",
                "resultType": "Percent",
                "valueMin": "0",
                "valueMax": "100",
                **({} if facts.pass_percent is None else {"requiredValue": str(facts.pass_percent)}),
            }
        ]
        subject["result"] = [
            {"type": ["Result"], "resultDescription": result_address, "value": str(facts.score_percent)}
        ]
    credential: dict[str, Any] = {
        "@context": [CREDENTIALS_CONTEXT, BADGES_CONTEXT],
        "id": facts.address,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": facts.achievement_name,
        "issuer": {
            "id": facts.issuer_did,
            "type": ["Profile"],
            "name": facts.issuer_name,
            "url": facts.issuer_address,
        },
        "validFrom": moment(facts.issued_at),
        "awardedDate": moment(facts.issued_at),
        "credentialSubject": subject,
        "credentialStatus": [
            {
                "id": f"{address}#{facts.status_index}",
                "type": "BitstringStatusListEntry",
                "statusPurpose": purpose,
                "statusListIndex": str(facts.status_index),
                "statusListCredential": address,
            }
            for purpose, address in facts.status_lists
        ],
    }
    if facts.valid_until is not None:
        credential["validUntil"] = moment(facts.valid_until)
    return credential


def build_status_list(
    *, address: str, issuer_did: str, purpose: str, marked: Iterable[int], valid_from: datetime, valid_until: datetime
) -> dict[str, Any]:
    """The status list for one purpose, not signed yet. marked: indexes from 0 to LIST_SIZE - 1; ValueError outside."""
    return {
        "@context": [CREDENTIALS_CONTEXT],
        "id": address,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer_did,
        "validFrom": moment(valid_from),
        "validUntil": moment(valid_until),
        "credentialSubject": {
            "id": f"{address}#list",
            "type": "BitstringStatusList",
            "statusPurpose": purpose,
            "encodedList": encode_bits(marked),
        },
    }


def raw_bits(positions: Iterable[int]) -> bytes:
    """The list as bytes, index 0 the leftmost bit."""
    bits = bytearray(LIST_SIZE // 8)
    for position in positions:
        if not 0 <= position < LIST_SIZE:
            raise ValueError(position)
        bits[position // 8] |= 0x80 >> (position % 8)
    return bytes(bits)


def encode_bits(positions: Iterable[int]) -> str:
    """Multibase base64url of the compressed list."""
    packed = gzip.compress(raw_bits(positions), mtime=0)
    return "u" + base64.urlsafe_b64encode(packed).decode().rstrip("=")


def bit_is_set(encoded: str, position: int) -> bool:
    """Whether the list has the bit. Refused("unreadable") when it is no list or too short."""
    try:
        if not encoded.startswith("u"):
            raise ValueError(encoded[:1])
        raw = base64.urlsafe_b64decode(encoded[1:] + "=" * (-len(encoded[1:]) % 4))
        bits = gzip.decompress(raw)
        return bool(bits[position // 8] & (0x80 >> (position % 8)))
    except (ValueError, IndexError, OSError, EOFError) as error:
        raise Refused("unreadable") from error


# Keys and their addresses


def did_of(public_url: str) -> str:
    """`https://hocvuso.example` → `did:web:hocvuso.example`; a port's colon is written %3A, a path's slashes become colons."""
    parts = urlsplit(public_url)
    host = quote(parts.netloc.rsplit("@", 1)[-1], safe="")
    return ":".join(["did", "web", host, *[quote(piece, safe="") for piece in parts.path.split("/") if piece]])


def multikey(key: Ed25519PublicKey) -> str:
    """The public key as a Multikey (`z6Mk…`)."""
    raw = key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return "z" + base58(ED25519_PREFIX + raw)


def key_from_multikey(text: str) -> Ed25519PublicKey:
    raw = base58_bytes(text[1:]) if text.startswith("z") else b""
    if not raw.startswith(ED25519_PREFIX) or len(raw) != 34:
        raise Refused("unknown_key")
    return Ed25519PublicKey.from_public_bytes(raw[2:])


def did_document(did: str, keys: Mapping[str, Ed25519PublicKey]) -> dict[str, Any]:
    """The DID document: every key under its name, newest first, each allowed to assert. Old keys stay, for old credentials."""
    methods = [
        {"id": f"{did}#{name}", "type": "Multikey", "controller": did, "publicKeyMultibase": multikey(key)}
        for name, key in sorted(keys.items(), reverse=True)
    ]
    return {
        "@context": DID_CONTEXTS,
        "id": did,
        "verificationMethod": methods,
        "assertionMethod": [method["id"] for method in methods],
    }


# Signing and checking


def sign(document: dict[str, Any], *, key: Ed25519PrivateKey, method: str, created: datetime) -> dict[str, Any]:
    """A copy of the document with its proof. Ed25519 signatures do not vary: the same input gives the same proof."""
    secured = copy.deepcopy(document)
    options = {
        "type": "DataIntegrityProof",
        "cryptosuite": CRYPTOSUITE,
        "created": moment(created),
        "verificationMethod": method,
        "proofPurpose": "assertionMethod",
    }
    signature = key.sign(_signed_bytes(document, options))
    secured["proof"] = {**options, "proofValue": "z" + base58(signature)}
    return secured


def verify(
    credential: Mapping[str, Any],
    *,
    find_key: Callable[[str], Ed25519PublicKey | None],
    at: datetime,
    find_status_list: Callable[[str], Mapping[str, Any] | None] | None = None,
) -> None:
    """Nothing when the credential can be believed at a moment; otherwise Refused with the reason.

    find_key: verification method → the issuer's key, none when the issuer does not own it. find_status_list: address → a status
    list credential, which is checked by the same key; without it revocation and suspension are not looked at.
    """
    document = {name: value for name, value in credential.items() if name != "proof"}
    proof = credential.get("proof")
    if not isinstance(proof, Mapping) or proof.get("type") != "DataIntegrityProof":
        raise Refused("unreadable")
    if proof.get("cryptosuite") != CRYPTOSUITE or proof.get("proofPurpose") != "assertionMethod":
        raise Refused("unreadable")
    method = str(proof.get("verificationMethod", ""))
    issuer = document.get("issuer")
    issuer_id = issuer.get("id") if isinstance(issuer, Mapping) else issuer
    key = find_key(method)
    if key is None or method.split("#", 1)[0] != issuer_id:
        raise Refused("unknown_key")
    options = {name: value for name, value in proof.items() if name != "proofValue"}
    value = str(proof.get("proofValue", ""))
    try:
        key.verify(base58_bytes(value[1:]) if value.startswith("z") else b"", _signed_bytes(document, options))
    except (InvalidSignature, ValueError, jsonld.JsonLdError) as error:
        raise Refused("tampered") from error
    _check_times(document, at)
    status = document.get("credentialStatus")
    if find_status_list is None or status is None:
        return
    for entry in status if isinstance(status, list) else [status]:
        if not isinstance(entry, Mapping):
            raise Refused("unreadable")
        _check_status(entry, find_key=find_key, at=at, find_status_list=find_status_list)


def _check_times(document: Mapping[str, Any], at: datetime) -> None:
    for name, reason in (("validFrom", "early"), ("validUntil", "expired")):
        if name not in document:
            continue
        try:
            limit = datetime.fromisoformat(str(document[name]))
        except ValueError as error:
            raise Refused("unreadable") from error
        if (name == "validFrom" and at < limit) or (name == "validUntil" and at > limit):
            raise Refused(reason)


def _check_status(
    status: Mapping[str, Any],
    *,
    find_key: Callable[[str], Ed25519PublicKey | None],
    at: datetime,
    find_status_list: Callable[[str], Mapping[str, Any] | None],
) -> None:
    listed = find_status_list(str(status.get("statusListCredential", "")))
    if listed is None:
        raise Refused("unreadable")
    verify(listed, find_key=find_key, at=at)
    subject = listed.get("credentialSubject")
    if not isinstance(subject, Mapping) or subject.get("statusPurpose") != status.get("statusPurpose"):
        raise Refused("unreadable")
    index = str(status.get("statusListIndex", ""))
    if not index.isdecimal() or bit_is_set(str(subject.get("encodedList", "")), int(index)):
        words = {"revocation": "revoked", "suspension": "suspended"}
        raise Refused(words.get(str(status.get("statusPurpose")), "revoked") if index.isdecimal() else "unreadable")


def _signed_bytes(document: Mapping[str, Any], options: Mapping[str, Any]) -> bytes:
    configuration = {"@context": document.get("@context"), **options}
    return _canonical_hash(configuration) + _canonical_hash(document)


def _dropped(name: Any) -> None:
    """Words that no context defines would be left out of what is signed; such a document is refused instead."""
    raise jsonld.JsonLdError(f"not defined by the contexts: {name}", "credentials.UndefinedTerm")


@lru_cache(maxsize=8)
def _context(address: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((CONTEXTS / CONTEXT_FILES[address]).read_text(encoding="utf-8"))
    return document


def _load(address: str, options: Any = None) -> dict[str, Any]:
    """The contexts beside this module, and nothing else."""
    if address not in CONTEXT_FILES:
        raise jsonld.JsonLdError(f"context not bundled: {address}", "credentials.UnknownContext")
    return {
        "contentType": "application/ld+json",
        "contextUrl": None,
        "documentUrl": address,
        "document": _context(address),
    }


_RESOLVED: dict[str, Any] = {}


def _canonical_hash(document: Mapping[str, Any]) -> bytes:
    options = {
        "algorithm": "URDNA2015",
        "format": "application/n-quads",
        "documentLoader": _load,
        "contextResolver": ContextResolver(_RESOLVED, _load),
    }
    processor = JsonLdProcessor(on_property_dropped=_dropped)
    text: str = processor.normalize(copy.deepcopy(dict(document)), options)
    return hashlib.sha256(text.encode()).digest()


def base58(raw: bytes) -> str:
    """Base58 (Bitcoin alphabet)."""
    number = int.from_bytes(raw, "big")
    text = ""
    while number:
        number, rest = divmod(number, 58)
        text = _BASE58[rest] + text
    return "1" * (len(raw) - len(raw.lstrip(b"\0"))) + text


def base58_bytes(text: str) -> bytes:
    """The bytes behind base58. ValueError when a letter is not of its alphabet."""
    number = 0
    for letter in text:
        number = number * 58 + _BASE58.index(letter)
    body = number.to_bytes((number.bit_length() + 7) // 8, "big")
    return b"\0" * (len(text) - len(text.lstrip("1"))) + body
