"""Somebody else's verifier believes our credentials, and refuses what we refuse."""

from __future__ import annotations

import base64
import copy
import json
import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from hocvuso.credentials import openbadges
from hocvuso.credentials.compact import CompactFacts, write_compact
from tests.credentials.test_openbadges import (
    DID,
    FACTS,
    ISSUED,
    KEY,
    LATER,
    METHOD,
    OLD_KEY,
    STATUS_LIST,
    SUSPENSIONS,
    signed,
)

HERE = Path(__file__).parent / "independent"
COMPACT = CompactFacts("HVS-7K3M-9QXT", "Nguyễn Thị Sáu", "pho-cap-nguoi-dan", "1", date(2026, 11, 10), 93, 41)


@pytest.fixture(scope="module")
def verifier(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The verifier installed into a folder that goes away; skipped where Node or the package registry cannot be had."""
    if not shutil.which("node") or not shutil.which("npm"):
        pytest.skip("needs Node and npm for the independent verifier")
    folder = tmp_path_factory.mktemp("verifier")
    for name in ("package.json", "verify.mjs"):
        shutil.copy(HERE / name, folder / name)
    done = subprocess.run(
        ["npm", "install", "--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts", "--loglevel=error"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    if done.returncode:
        pytest.skip(f"the independent verifier could not be installed: {done.stderr.strip()[-200:]}")
    return folder


def entry(index: int) -> dict:
    return signed(replace(FACTS, status_index=index))


def standing_list(address: str, purpose: str, *marked: int) -> dict:
    """A status list that holds for as long as anybody runs this test: the library looks at the real clock."""
    unsigned = openbadges.build_status_list(
        address=address,
        issuer_did=DID,
        purpose=purpose,
        marked=marked,
        valid_from=datetime(2020, 1, 1, tzinfo=UTC),
        valid_until=datetime(2099, 1, 1, tzinfo=UTC),
    )
    return openbadges.sign(unsigned, key=KEY, method=METHOD, created=ISSUED)


def jwk(key: Ed25519PrivateKey) -> dict[str, str]:
    raw = key.public_key().public_bytes_raw()
    return {"kty": "OKP", "crv": "Ed25519", "x": base64.urlsafe_b64encode(raw).decode().rstrip("=")}


@pytest.mark.server
@pytest.mark.clause("R-27")
def test_independent_verifier_agrees(verifier: Path) -> None:
    forged = copy.deepcopy(signed())
    forged["credentialSubject"]["identifier"][0]["identityHash"] = "Trần Văn Bảy"
    foreign = copy.deepcopy(signed())
    foreign["proof"]["verificationMethod"] = f"{DID}#nobody"
    moved = copy.deepcopy(entry(7))  # a revoked one that points at somebody else's bit
    for status in moved["credentialStatus"]:
        status["statusListIndex"] = "41"
    credentials = {
        "good": signed(),
        "old key": signed(key=OLD_KEY, method=f"{DID}#credentials-2025-01-01"),
        "forged": forged,
        "foreign key": foreign,
        "expired": signed(replace(FACTS, valid_until=ISSUED + timedelta(days=1))),
        "revoked": entry(7),
        "suspended": entry(8),
        "revoked and moved": moved,
    }
    lists = {
        STATUS_LIST: standing_list(STATUS_LIST, "revocation", 7),
        SUSPENSIONS: standing_list(SUSPENSIONS, "suspension", 8),
    }
    short = write_compact(COMPACT, key=KEY, key_id="2026-11-01")
    head, _, tail = short.split(".")
    other = write_compact(replace(COMPACT, name="Trần Văn Bảy"), key=OLD_KEY, key_id="2026-11-01")
    compact = {
        "qr": short,
        "qr old key": write_compact(COMPACT, key=OLD_KEY, key_id="2025-01-01"),
        "qr forged": f"{head}.{other.split('.')[1]}.{tail}",
        "qr foreign key": other,
    }
    keys = {"credentials-2025-01-01": OLD_KEY.public_key(), METHOD.split("#")[1]: KEY.public_key()}
    question = {
        "didDocument": openbadges.did_document(DID, keys),
        "credentials": credentials,
        "lists": lists,
        "compact": compact,
        "jwks": {"2026-11-01": jwk(KEY), "2025-01-01": jwk(OLD_KEY)},
        "now": openbadges.moment(LATER),
    }
    done = subprocess.run(
        ["node", "verify.mjs"],
        cwd=verifier,
        input=json.dumps(question),
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    answers = json.loads(done.stdout)
    verdicts = {name: answer["verified"] for name, answer in answers.items()}
    believed = {"good", "old key", "qr", "qr old key"}
    assert verdicts == {name: name in believed for name in [*credentials, *compact]}, answers
    assert "marked for revocation" in answers["revoked"]["error"]
    assert "marked for suspension" in answers["suspended"]["error"]
    assert answers["qr"]["claims"]["n"] == "Nguyễn Thị Sáu"
