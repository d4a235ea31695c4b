"""The real server process: ready, killed in the middle of a write, out of disk, many at once."""

from __future__ import annotations

import http.client
import json
import os
import resource
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

pytestmark = [
    pytest.mark.server,
    pytest.mark.skipif(
        bool(os.environ.get("HOCVUSO_TEST_DATABASE_URL")), reason="the embedded default is what these tests are about"
    ),
]
ROOT = Path(__file__).resolve().parents[2]
LESSONS = ("kich-hoat-vneid", "tra-tien-qr", "hoi-tro-ly-ai", "cuoc-goi-cong-an-gia")


def environment(data: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("HOCVUSO_", "DJANGO_"))}
    return {**kept, "HOCVUSO_DATA": str(data), "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}", "HOCVUSO_LOG": "ERROR"}


def hocvuso(data: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "hocvuso", *words]
    return subprocess.run(command, env=environment(data), capture_output=True, text=True, check=False, timeout=600)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[tuple[str, str]]]:
    """A prepared data folder with signed-in learners: (cookie, person id)."""
    data = tmp_path_factory.mktemp("prepared")
    done = hocvuso(data, "setup")
    assert done.returncode == 0, done.stderr[-2000:]
    made = subprocess.run(
        [sys.executable, "-m", "tests.server.make_learner", "30"],
        env=environment(data),
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    learners = [tuple(line.split(" ")) for line in made.stdout.splitlines() if line.startswith("hvs_session")]
    assert len(learners) == 30
    return data, learners  # type: ignore[return-value]


@pytest.fixture
def data(prepared: tuple[Path, list[tuple[str, str]]], tmp_path: Path) -> Path:
    """A fresh copy of the prepared folder."""
    shutil.copytree(prepared[0], tmp_path / "data")
    return tmp_path / "data"


@pytest.fixture
def learners(prepared: tuple[Path, list[tuple[str, str]]]) -> list[tuple[str, str]]:
    return prepared[1]


@contextmanager
def serving(data: Path, *, file_limit: int | None = None) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]

    def limit() -> None:
        if file_limit is not None:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (file_limit, file_limit))

    command = [sys.executable, "-m", "hocvuso", "serve", "--port", str(port), "--no-setup"]
    server = subprocess.Popen(
        command,
        env=environment(data),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=limit,
    )
    try:
        for _ in range(600):
            if answer_of(port, "GET", "/suc-khoe/")[0] in ({200} if file_limit is None else {200, 503}):
                break
            time.sleep(0.1)
        else:
            raise AssertionError("the server did not become ready")
        yield port, server
    finally:
        if server.poll() is None:
            os.killpg(server.pid, signal.SIGKILL)
        server.wait(20)


def answer_of(port: int, method: str, path: str, body: bytes | None = None, cookie: str = "") -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {"Content-Type": "application/json", "X-Hocvuso": "1", "Cookie": cookie}
    try:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read()
    except OSError:
        return 0, b""
    finally:
        connection.close()


def batch(count: int = 1) -> bytes:
    moment = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    items = [
        {"id": str(uuid.uuid4()), "kind": "UNDERSTOOD", "lesson": LESSONS[n % len(LESSONS)], "at": moment}
        for n in range(count)
    ]
    return json.dumps({"v": 1, "device": str(uuid.uuid4()), "sent_at": moment, "activities": items}).encode()


def stored(data: Path, table: str = "learning_activity") -> int:
    with closing(sqlite3.connect(data / "hocvuso.sqlite3")) as database:
        return database.execute(f"SELECT count(*) FROM {table}").fetchone()[0]


def test_health_tells_that_everything_is_ready(data):
    with serving(data) as (port, _):
        status, body = answer_of(port, "GET", "/suc-khoe/")
        assert status == 200 and json.loads(body)["status"] == "ok"
        status, page = answer_of(port, "GET", "/")
        assert status == 200 and "Học Vụ Số" in page.decode()


@pytest.mark.clause("R-05")
def test_a_server_killed_in_the_middle_of_writing_loses_nothing_that_it_answered_and_doubles_nothing(data, learners):
    """Clients send while the server is killed; afterwards they send again whatever got no answer."""
    sent: list[tuple[str, bytes]] = [(cookie, batch(5)) for cookie, _ in learners]
    answered: set[int] = set()

    def client(port: int, numbers: range) -> None:
        for number in numbers:
            cookie, body = sent[number]
            status, _ = answer_of(port, "POST", "/api/v1/sync", body, cookie)
            if status == 200:
                answered.add(number)

    with serving(data) as (port, server):
        threads = [threading.Thread(target=client, args=(port, range(first, 30, 3))) for first in range(3)]
        for thread in threads:
            thread.start()
        while len(answered) < 6 and any(thread.is_alive() for thread in threads):
            time.sleep(0.01)
        os.killpg(server.pid, signal.SIGKILL)
        for thread in threads:
            thread.join()
    kept = len(answered)
    assert 6 <= kept < 30
    assert stored(data) >= 5 * kept
    with serving(data) as (port, _):
        for cookie, body in sent:
            status, answer = answer_of(port, "POST", "/api/v1/sync", body, cookie)
            assert status == 200
            assert {one["status"] for one in json.loads(answer)["results"]} <= {"stored", "duplicate"}
    assert stored(data) == 5 * 30
    assert hocvuso(data, "evidence", "project").returncode == 0
    assert hocvuso(data, "evidence", "rebuild", "--check").returncode == 0
    assert hocvuso(data, "evidence", "verify").returncode == 0


def test_a_full_disk_is_told_calmly_and_nothing_is_half_stored(data, learners):
    before = stored(data)
    # No file may grow beyond what the journal has now: the next commit that needs room fails as on a full disk.
    with serving(data, file_limit=64 * 1024) as (port, _):
        status, body = answer_of(port, "POST", "/api/v1/sync", batch(200), learners[0][0])
        assert status == 503, body[:300]
        assert "máy" in json.loads(body)["message"]
    assert stored(data) == before
    with serving(data) as (port, _):
        assert answer_of(port, "POST", "/api/v1/sync", batch(3), learners[0][0])[0] == 200
    assert stored(data) == before + 3


def test_thirty_people_at_once_are_all_served(data, learners):
    results: list[int] = []

    def client(port: int, cookie: str) -> None:
        results.append(answer_of(port, "POST", "/api/v1/sync", batch(3), cookie)[0])

    with serving(data) as (port, _):
        threads = [threading.Thread(target=client, args=(port, cookie)) for cookie, _ in learners]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert results == [200] * 30
    assert stored(data) == 90


def test_figures_follow_new_evidence_by_themselves(data, learners):
    moment = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    items = [
        {"id": str(uuid.uuid4()), "kind": "USED", "lesson": "kich-hoat-vneid", "at": moment, "steps": all_steps(data)}
    ]
    body = json.dumps({"v": 1, "device": str(uuid.uuid4()), "sent_at": moment, "activities": items}).encode()
    with serving(data) as (port, _):
        assert answer_of(port, "POST", "/api/v1/sync", body, learners[0][0])[0] == 200
        for _ in range(100):
            if stored(data, "indicators_tally"):
                break
            time.sleep(0.1)
    assert stored(data, "indicators_tally") > 0


def all_steps(data: Path) -> list[str]:
    import yaml

    path = next((ROOT / "curriculum").rglob("kich-hoat-vneid/dung.yaml"))
    return [step["id"] for step in yaml.safe_load(path.read_text(encoding="utf-8"))["steps"]]


def test_the_command_line_tool_helps_and_refuses_unknown_words(tmp_path):
    helped = hocvuso(tmp_path, "--help")
    assert helped.returncode == 0
    for word in ("serve", "seed", "evidence", "curriculum", "units", "report"):
        assert word in helped.stdout
    refused = hocvuso(tmp_path, "xyz")
    assert refused.returncode == 2 and "xyz" in refused.stderr


def test_a_taken_port_is_told_with_the_remedy(data):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = hocvuso(data, "serve", "--no-setup", "--port", str(taken.getsockname()[1]))
    assert done.returncode == 1 and "PORT=" in done.stderr


def test_tampering_with_the_database_file_is_found(data, learners):
    with serving(data) as (port, _):
        body = json.loads(batch(1))
        body["activities"][0] |= {"kind": "USED", "lesson": "kich-hoat-vneid", "steps": all_steps(data)}
        assert answer_of(port, "POST", "/api/v1/sync", json.dumps(body).encode(), learners[1][0])[0] == 200
    assert hocvuso(data, "evidence", "project").returncode == 0
    assert hocvuso(data, "evidence", "verify").returncode == 0
    with closing(sqlite3.connect(data / "hocvuso.sqlite3")) as database:
        database.execute("UPDATE evidence_evidence SET assurance = 5")
        database.commit()
    assert hocvuso(data, "evidence", "verify").returncode == 1
