"""The ways a batch travels to VNeID, behind one interface: signed files in two folders, or HTTPS with mutual TLS.

Both are idempotent: a batch is named by its id and a person in it by the id of the row, so that sending again adds nothing.
"""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from uuid import UUID

import requests
from django.conf import settings

from hocvuso.credentials.errors import AnswerNotSigned, BadResponseFile, NoAnswerKey
from hocvuso.credentials.handover.files import (
    MOST_ANSWER_BYTES,
    Answer,
    batch_json,
    batch_zip,
    check_signature,
    read_answer_json,
    read_answer_zip,
    signature,
)
from hocvuso.credentials.keys import multikey_of
from hocvuso.credentials.models import HandoverBatch

CONNECT_SECONDS, READ_SECONDS = 5, 30
SIGNATURE_HEADER, KEY_HEADER = "X-Chu-Ky", "X-Khoa"


class NotNow(Exception):
    """It did not work this time; trying again later may. The words are for an officer: no personal data in them."""


class Never(Exception):
    """The other side refused the batch as it is: somebody has to look at it."""


class Lost(Exception):
    """The other side does not know a batch that was delivered: it is to be sent again."""


class Channel(Protocol):
    """Carries batches out and answers back."""

    def deliver(self, batch: HandoverBatch) -> None:
        """Hand a released batch over. Raises NotNow, Never."""

    def answers(self, batch: HandoverBatch) -> list[Answer]:
        """What came back so far, checked against VNeID's keys; the same rows may come again. Raises NotNow, Never, Lost."""

    def settled(self, batch_id: UUID) -> None:
        """The answers of a batch are stored: put away what need not be read again."""


@dataclass(frozen=True)
class FolderExchange:
    """Signed files in two folders that another program (SFTP, a data diode, a courier) empties and fills.

    Out: `vneid-<batch>.zip`, whole or not there at all. In: any `tra-loi-<batch>*.zip`, moved to `da-doc/` once stored.
    """

    outgoing: Path
    incoming: Path

    def deliver(self, batch: HandoverBatch) -> None:
        target = self.outgoing / f"vneid-{batch.id}.zip"
        try:
            self.outgoing.mkdir(parents=True, exist_ok=True, mode=0o700)
            descriptor, part = tempfile.mkstemp(dir=self.outgoing, prefix=".part-")
            with os.fdopen(descriptor, "wb") as file:
                file.write(batch_zip(batch))
                file.flush()
                os.fsync(file.fileno())
            os.replace(part, target)
        except OSError as error:
            raise NotNow(f"{error.strerror or type(error).__name__}: {self.outgoing.name}") from error

    def answers(self, batch: HandoverBatch) -> list[Answer]:
        found: list[Answer] = []
        for path in self._files(batch.id):
            try:
                found += read_answer_zip(path.read_bytes())
            except OSError as error:
                raise NotNow(f"{error.strerror or type(error).__name__}: {path.name}") from error
            except (AnswerNotSigned, BadResponseFile, NoAnswerKey) as error:
                raise Never(f"{path.name}: {error}") from error
        return found

    def settled(self, batch_id: UUID) -> None:
        for path in self._files(batch_id):
            done = self.incoming / "da-doc"
            done.mkdir(exist_ok=True, mode=0o700)
            path.replace(done / path.name)

    def _files(self, batch_id: UUID) -> list[Path]:
        return sorted(self.incoming.glob(f"tra-loi-{batch_id}*.zip")) if self.incoming.is_dir() else []


@dataclass(frozen=True)
class MutualTls:
    """HTTPS where both sides show a certificate; bodies are signed besides (Ed25519), so that a proxy cannot change them.

    `PUT <url>/goi/<batch>` hands a batch over, `GET <url>/goi/<batch>/ket-qua` asks for the answer.
    """

    url: str
    certificate: str
    key: str
    authority: str

    def deliver(self, batch: HandoverBatch) -> None:
        body = batch_json(batch)
        answer = self._call(
            "PUT",
            f"/goi/{batch.id}",
            data=body,
            headers={
                "Content-Type": "application/json",
                "Idempotency-Key": str(batch.id),
                SIGNATURE_HEADER: signature(batch, body).decode(),
                KEY_HEADER: multikey_of(batch.key_name),
            },
        )
        self._check(answer)

    def answers(self, batch: HandoverBatch) -> list[Answer]:
        answer = self._call("GET", f"/goi/{batch.id}/ket-qua")
        if answer.status_code == 404:
            raise Lost
        if answer.status_code == 204:
            return []
        self._check(answer)
        try:
            check_signature(answer.content, answer.headers.get(SIGNATURE_HEADER, ""))
            return read_answer_json(answer.content)
        except (AnswerNotSigned, BadResponseFile) as error:
            raise NotNow(str(error)) from error
        except NoAnswerKey as error:
            raise Never(str(error)) from error

    def settled(self, batch_id: UUID) -> None:
        """Nothing to put away: what is stored is stored here."""

    def _call(self, method: str, path: str, **options: object) -> requests.Response:
        try:
            with requests.Session() as session:
                session.trust_env = False  # no proxy and no .netrc of the machine: this line is between two parties
                answer = session.request(
                    method,
                    f"{self.url}{path}",
                    cert=(self.certificate, self.key),
                    verify=self.authority or True,
                    timeout=(CONNECT_SECONDS, READ_SECONDS),
                    allow_redirects=False,
                    stream=True,
                    **options,  # type: ignore[arg-type]
                )
                content = answer.raw.read(MOST_ANSWER_BYTES + 1, decode_content=True)
                if len(content) > MOST_ANSWER_BYTES:
                    raise Never("answer too large")
                answer._content = content
                return answer
        except (requests.RequestException, OSError, ValueError) as error:
            raise NotNow(type(error).__name__) from error
        except Exception as error:
            if type(error).__module__.startswith("urllib3"):
                raise NotNow(type(error).__name__) from error
            raise

    def _check(self, answer: requests.Response) -> None:
        if answer.ok:
            return
        words = f"HTTP {answer.status_code}"
        if answer.status_code in {408, 425, 429} or answer.status_code >= 500:
            raise NotNow(words)
        raise Never(words)


def channel() -> Channel | None:
    """The channel of this installation; none when officers carry the files."""
    if settings.VNEID_URL:
        return MutualTls(settings.VNEID_URL, settings.VNEID_CERT, settings.VNEID_KEY, settings.VNEID_CA)
    if settings.VNEID_OUT:
        return FolderExchange(Path(settings.VNEID_OUT), Path(settings.VNEID_IN))
    return None
