"""How many sync calls a second one server process takes, beside bare health checks, and how long each waits."""

from __future__ import annotations

import argparse
import http.client
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import uuid


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--learners", type=int, default=100)
    parser.add_argument("--calls", type=int, default=5, help="sync calls of each learner, three activities a call")
    parser.add_argument("--clients", type=int, default=8, help="connections at once")
    options = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="hocvuso-bench-")
    os.environ.update(HOCVUSO_DATA=folder, DJANGO_SETTINGS_MODULE="hocvuso.config.settings", HOCVUSO_LOG="ERROR")
    try:
        cookies = prepare(options.learners)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        server = subprocess.Popen(
            [sys.executable, "-m", "hocvuso", "serve", "--port", str(port), "--no-setup"], stdout=subprocess.DEVNULL
        )
        try:
            wait(port)
            health = [("GET", "/suc-khoe/", None, "")] * (options.learners * options.calls)
            report("GET /suc-khoe/", *drive(port, health, options.clients))
            calls = [("POST", "/api/v1/sync", body(), cookie) for _ in range(options.calls) for cookie in cookies]
            report("POST /api/v1/sync", *drive(port, calls, options.clients))
        finally:
            server.terminate()
            server.wait(20)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def prepare(learners: int) -> list[str]:
    """A prepared folder with signed-in learners who agreed; their session cookies."""
    subprocess.run([sys.executable, "-m", "hocvuso", "setup"], check=True, stdout=subprocess.DEVNULL)
    import django

    django.setup()
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from hocvuso.kernel.clock import now
    from hocvuso.people.public import Purpose, create_account_with_password, record_consent, register_person

    cookies = []
    for number in range(learners):
        person = register_person(actor=None, full_name=f"Người học {number}", at=now())
        record_consent(
            actor=person, person=person, purpose=Purpose.LEARNING, given=True, text_version="bench", how="web", at=now()
        )
        account = create_account_with_password(
            person=person, email=f"l{number}@example.vn", password=uuid.uuid4().hex, at=now()
        )
        session = SessionStore()
        session[SESSION_KEY] = str(account.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = account.get_session_auth_hash()
        session.save()
        cookies.append(f"{settings.SESSION_COOKIE_NAME}={session.session_key}")
    return cookies


def body() -> bytes:
    moment = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    lessons = ("kich-hoat-vneid", "tra-tien-qr", "hoi-tro-ly-ai")
    items = [{"id": str(uuid.uuid4()), "kind": "UNDERSTOOD", "lesson": lesson, "at": moment} for lesson in lessons]
    return json.dumps({"v": 1, "device": str(uuid.uuid4()), "sent_at": moment, "activities": items}).encode()


def wait(port: int) -> None:
    for _ in range(300):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
            connection.request("GET", "/suc-khoe/")
            if connection.getresponse().status == 200:
                return
        except OSError:
            pass
        time.sleep(0.2)
    raise SystemExit("the server did not become ready")


def drive(port: int, calls: list, clients: int) -> tuple[float, list[float], int]:
    """Send all calls over a few connections; seconds in all, seconds each, how many were not 200."""
    queue, lock, waits, bad = list(reversed(calls)), threading.Lock(), [], [0]

    def client() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        while True:
            with lock:
                if not queue:
                    return
                method, path, data, cookie = queue.pop()
            started = time.perf_counter()
            connection.request(
                method, path, data, {"Content-Type": "application/json", "X-Hocvuso": "1", "Cookie": cookie}
            )
            answer = connection.getresponse()
            answer.read()
            with lock:
                waits.append(time.perf_counter() - started)
                bad[0] += answer.status != 200

    threads = [threading.Thread(target=client) for _ in range(clients)]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.perf_counter() - started, waits, bad[0]


def report(label: str, seconds: float, waits: list[float], bad: int) -> None:
    cuts = statistics.quantiles(waits, n=20)
    print(
        f"{label:<20}{len(waits) / seconds:>9,.0f} calls/s   median {statistics.median(waits) * 1000:.1f} ms"
        f"   95% {cuts[18] * 1000:.1f} ms   {bad} not answered 200"
    )


if __name__ == "__main__":
    main()
