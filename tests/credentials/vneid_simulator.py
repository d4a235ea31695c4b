"""A stand-in for VNeID's side of the hand-over: real TLS that asks for a client certificate, and every kind of bad day.

    python -m tests.credentials.vneid_simulator --folder /tmp/vneid --port 8443 --reject 0.1 --drop 0.2 --duplicate 0.2 --delay 0.2

Makes its certificates and signing key in the folder, prints the settings for `hocvuso serve`, and keeps what it took in a
file there, so that it can be killed and started again. Needs nothing of Học Vụ Số.
"""

from __future__ import annotations

import argparse
import base64
import contextlib
import datetime as dt
import hashlib
import ipaddress
import json
import random
import sqlite3
import ssl
import sys
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.x509.oid import NameOID

BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


# --- certificates and keys ------------------------------------------------------------------------------------------


def make_certificates(folder: Path) -> None:
    """An authority, a server and a client it vouches for, and a stranger nobody vouches for; PEM files in folder."""
    folder.mkdir(parents=True, exist_ok=True)
    if (folder / "ca.pem").exists():
        return
    authority = _identity(folder, "ca", "VNeID thu (CA)")
    _identity(folder, "server", "localhost", signed_by=authority)
    _identity(folder, "client", "hocvuso", signed_by=authority)
    _identity(folder, "stranger", "hocvuso")


def _identity(folder: Path, name: str, common_name: str, signed_by: Any = None) -> tuple[Any, Any]:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])
    signer_key, signer_name = (signed_by[0], signed_by[1].subject) if signed_by else (key, subject)
    authority = name == "ca"
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(signer_name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(dt.datetime(2020, 1, 1, tzinfo=dt.UTC))
        .not_valid_after(dt.datetime(2099, 1, 1, tzinfo=dt.UTC))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer_key.public_key()), critical=False)
    )
    if authority:
        usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
        builder = builder.add_extension(usage, critical=True)
    else:
        names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    certificate = builder.sign(signer_key, hashes.SHA256())
    (folder / f"{name}.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / f"{name}.key").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return key, certificate


def multikey(key: Ed25519PrivateKey) -> str:
    number = int.from_bytes(b"\xed\x01" + key.public_key().public_bytes_raw(), "big")
    text = ""
    while number:
        number, rest = divmod(number, 58)
        text = BASE58[rest] + text
    return "z" + text


def key_of(text: str) -> Ed25519PublicKey:
    number = 0
    for sign in text[1:]:
        number = number * 58 + BASE58.index(sign)
    return Ed25519PublicKey.from_public_bytes(number.to_bytes(34, "big")[2:])


# --- what it takes and what it answers ------------------------------------------------------------------------------


@dataclass
class BadDays:
    """How often (0–1) something goes wrong, by a seeded dice. `script` says what happens to the next calls, before the dice.

    drop: the line breaks before or after the work is done; duplicate: rows of an answer come twice, and with those of
    another batch; delay: the answer is not there yet; reject, fault: what becomes of a person.
    """

    drop: float = 0.0
    busy: float = 0.0
    duplicate: float = 0.0
    delay: float = 0.0
    reject: float = 0.0
    fault: float = 0.0
    seed: int = 1
    script: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)
        self.lock = threading.Lock()

    def today(self) -> str:
        """fine, drop-before, drop-after, busy."""
        with self.lock:
            if self.script:
                return self.script.pop(0)
            if self.dice.random() < self.drop:
                return self.dice.choice(["drop-before", "drop-after"])
            return "busy" if self.dice.random() < self.busy else "fine"

    def happens(self, chance: float) -> bool:
        with self.lock:
            return self.dice.random() < chance


class Register:
    """The people VNeID knows about: one row each, whatever comes how often. Kept in a file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.lock = threading.Lock()
        with self._open() as rows:
            rows.execute(
                "CREATE TABLE IF NOT EXISTS row (id TEXT PRIMARY KEY, batch TEXT, content TEXT, outcome TEXT, reason TEXT, "
                "reference TEXT, times INTEGER)"
            )

    def _open(self) -> sqlite3.Connection:
        return sqlite3.connect(self.path, timeout=20)

    def take(self, batch: str, rows: list[dict[str, str]], days: BadDays) -> bool:
        """Store the rows of a batch; false when a row came before with other words."""
        with self.lock, self._open() as table:
            for row in rows:
                content = hashlib.sha256(json.dumps(row, sort_keys=True).encode()).hexdigest()
                known = table.execute("SELECT content, outcome FROM row WHERE id = ?", [row["ma_dong"]]).fetchone()
                if known and known[0] != content:
                    return False
                if known:
                    again = "CHAP_NHAN" if known[1] == "LOI" else known[1]
                    table.execute(
                        "UPDATE row SET times = times + 1, outcome = ?, reference = ? WHERE id = ?",
                        [again, _reference(row["ma_dong"]) if again == "CHAP_NHAN" else "", row["ma_dong"]],
                    )
                    continue
                outcome, reason = "CHAP_NHAN", ""
                if days.happens(days.reject):
                    outcome, reason = "TU_CHOI", "Số định danh không khớp họ tên"
                elif days.happens(days.fault):
                    outcome, reason = "LOI", "Kho dữ liệu tạm thời không ghi được"
                table.execute(
                    "INSERT INTO row VALUES (?, ?, ?, ?, ?, ?, 1)",
                    [
                        row["ma_dong"],
                        batch,
                        content,
                        outcome,
                        reason,
                        _reference(row["ma_dong"]) if outcome == "CHAP_NHAN" else "",
                    ],
                )
        return True

    def answers(self, batch: str) -> list[dict[str, str]] | None:
        with self._open() as table:
            found = table.execute(
                "SELECT id, outcome, reason, reference FROM row WHERE batch = ? ORDER BY id", [batch]
            ).fetchall()
        if not found:
            return None
        return [
            {
                "ma_dong": row,
                "ket_qua": outcome,
                "ly_do": reason if outcome != "CHAP_NHAN" else "",
                "so_tham_chieu": ref,
            }
            for row, outcome, reason, ref in found
        ]

    def people(self) -> dict[str, str]:
        """What became of each row ever taken."""
        with self._open() as table:
            return dict(table.execute("SELECT id, outcome FROM row").fetchall())

    def forget(self) -> None:
        with self._open() as table:
            table.execute("DELETE FROM row")


def _reference(row: str) -> str:
    return "VN-" + hashlib.sha256(row.encode()).hexdigest()[:10].upper()


class Simulator:
    """The server. `with Simulator(folder) as vneid:` answers on `vneid.url` until the block ends; stop and start again at will."""

    def __init__(self, folder: Path, *, days: BadDays | None = None, port: int = 0) -> None:
        make_certificates(folder)
        self.folder, self.port = folder, port
        self.days = days or BadDays()
        self.register = Register(folder / "register.sqlite3")
        path = folder / "answers.key"
        if not path.exists():
            path.write_bytes(Ed25519PrivateKey.generate().private_bytes_raw())
        self.key = Ed25519PrivateKey.from_private_bytes(path.read_bytes())
        self.calls: list[str] = []
        self.server: ThreadingHTTPServer | None = None

    @property
    def url(self) -> str:
        return f"https://localhost:{self.port}"

    @property
    def multikey(self) -> str:
        return multikey(self.key)

    def __enter__(self) -> Simulator:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.load_cert_chain(self.folder / "server.pem", self.folder / "server.key")
        context.load_verify_locations(self.folder / "ca.pem")
        context.verify_mode = ssl.CERT_REQUIRED
        self.server = _Server(("127.0.0.1", self.port), _handler(self), context)
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def stop(self) -> None:
        if self.server:
            self.server.shutdown()
            self.server.server_close()
            self.server = None


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, address: tuple[str, int], handler: Any, context: ssl.SSLContext) -> None:
        self.context = context
        super().__init__(address, handler)

    def finish_request(self, request: Any, client_address: Any) -> None:
        """The handshake in the thread of the call, so that a stranger holds nobody up."""
        try:
            secured = self.context.wrap_socket(request, server_side=True)
        except (ssl.SSLError, OSError):
            return
        self.RequestHandlerClass(secured, client_address, self)
        with contextlib.suppress(OSError):
            secured.close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Broken lines are the point of it."""


def _handler(vneid: Simulator) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        timeout = 10

        def do_PUT(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            today = vneid.days.today()
            vneid.calls.append(f"PUT {today}")
            if today == "drop-before":
                return self._break()
            if today == "busy":
                return self._say(503)
            try:
                key_of(self.headers["X-Khoa"]).verify(base64.b64decode(self.headers["X-Chu-Ky"]), body)
                document = json.loads(body)
            except (InvalidSignature, ValueError, KeyError, TypeError):
                return self._say(422)
            taken = vneid.register.take(document["goi"], document["dong"], vneid.days)
            if today == "drop-after":
                return self._break()
            return self._say(201 if taken else 409)

        def do_GET(self) -> None:
            today = vneid.days.today()
            vneid.calls.append(f"GET {today}")
            if today.startswith("drop"):
                return self._break()
            if today == "busy":
                return self._say(503)
            batch = self.path.split("/")[2]
            rows = vneid.register.answers(batch)
            if rows is None:
                return self._say(404)
            if vneid.days.happens(vneid.days.delay):
                return self._say(204)
            if vneid.days.happens(vneid.days.duplicate):
                rows = rows + rows[: len(rows) // 2]
            body = json.dumps({"goi": batch, "dong": rows}, ensure_ascii=False).encode()
            signed = base64.b64encode(vneid.key.sign(body)).decode()
            return self._say(200, body, {"X-Chu-Ky": signed, "Content-Type": "application/json"})

        def _say(self, status: int, body: bytes = b"", headers: dict[str, str] | None = None) -> None:
            self.send_response(status)
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(body)

        def _break(self) -> None:
            """The line goes dead in the middle of a call."""
            self.close_connection = True
            self.connection.close()

        def log_message(self, *_: object) -> None:
            """Quiet."""

    return Handler


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--port", type=int, default=8443)
    for name in ("drop", "busy", "duplicate", "delay", "reject", "fault"):
        parser.add_argument(f"--{name}", type=float, default=0.0)
    parser.add_argument("--seed", type=int, default=1)
    options = vars(parser.parse_args())
    folder, port = options.pop("folder"), options.pop("port")
    vneid = Simulator(folder, days=BadDays(**options), port=port)
    vneid.start()
    for name, value in (
        ("URL", vneid.url),
        ("CERT", folder / "client.pem"),
        ("KEY", folder / "client.key"),
        ("CA", folder / "ca.pem"),
        ("KEYS", vneid.multikey),
    ):
        sys.stdout.write(f"export HOCVUSO_VNEID_{name}={value}\n")
    sys.stdout.flush()
    threading.Event().wait()


if __name__ == "__main__":
    main()
