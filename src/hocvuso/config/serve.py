"""`hocvuso serve`: one command that prepares what is missing, serves pages and works the background.

The parent process stays small: it loads no Django. Preparation runs as a process of its own, pages and background work in
Granian's worker.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

from hocvuso.kernel import stamp


def arguments(values: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="hocvuso serve", description="Chạy máy chủ và việc nền (run the server).")
    parser.add_argument("--host", default="127.0.0.1", help="địa chỉ lắng nghe (0.0.0.0: mọi địa chỉ)")
    parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))
    parser.add_argument("--workers", type=int, default=1, help="số tiến trình phục vụ trang")
    parser.add_argument("--threads", type=int, default=4, help="số luồng trong mỗi tiến trình")
    parser.add_argument("--demo", action="store_true", help="kèm thành phố mẫu và tài khoản thử")
    parser.add_argument("--no-worker", action="store_true", help="việc nền chạy ở nơi khác (hocvuso worker)")
    parser.add_argument("--no-setup", action="store_true", help="thư mục dữ liệu đã chuẩn bị từ trước (hocvuso setup)")
    return parser.parse_args(values)


def main(values: list[str]) -> None:
    """Serve until told to stop. Exit code 1 when preparation fails or the port is taken."""
    options = arguments(values)
    data = Path(os.environ.get("HOCVUSO_DATA", "data")).expanduser().resolve()
    os.environ["HOCVUSO_DATA"] = str(data)
    os.environ.setdefault("HOCVUSO_PUBLIC_URL", f"http://localhost:{options.port}")
    os.environ.setdefault("HOCVUSO_LOG", "WARNING")
    if options.demo:
        os.environ["HOCVUSO_DEMO"] = "1"
    _check_port(options.host, options.port)
    if not options.no_setup and not stamp.is_current(data, demo=options.demo):
        command = [sys.executable, "-m", "hocvuso", "setup", *(["--demo"] if options.demo else [])]
        if subprocess.run(command, check=False).returncode:  # noqa: S603
            raise SystemExit(1)
    # One process serves pages and does the background work; with several, the work has a process of its own.
    background = None
    if not options.no_worker:
        if options.workers == 1:
            os.environ["HOCVUSO_WORKER_HERE"] = "1"
        else:
            background = subprocess.Popen([sys.executable, "-m", "hocvuso", "worker"])
    threading.Thread(target=_greet, args=(options, data), daemon=True).start()
    from importlib.util import find_spec

    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    try:
        Server(
            "hocvuso.config.wsgi:application",
            address=options.host,
            port=options.port,
            interface=Interfaces.WSGI,
            workers=options.workers,
            blocking_threads=options.threads,
            log_level=LogLevels.warning,
            respawn_failed_workers=True,
            # Granian renames its processes only with an optional package.
            process_name="hocvuso" if find_spec("setproctitle") else None,
        ).serve()
    finally:
        if background:
            background.terminate()
            background.wait(timeout=10)


def _check_port(host: str, port: int) -> None:
    import socket

    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            print(
                f"Cổng {port} đang có chương trình khác dùng. Chọn cổng khác: make run PORT={port + 1}\n"
                f"(Port {port} is taken. Choose another one.)",
                file=sys.stderr,
            )
            raise SystemExit(1) from None


def _greet(options: argparse.Namespace, data: Path) -> None:
    """Wait until everything is ready, then say where it is and how to come in."""
    host = "127.0.0.1" if options.host == "0.0.0.0" else options.host  # noqa: S104
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"http://{host}:{options.port}/suc-khoe/", timeout=2) as answer:
                if answer.status == 200:
                    break
        except (urllib.error.URLError, OSError):
            pass
        time.sleep(0.2)
    else:
        print("Máy chủ chưa sẵn sàng sau 60 giây; xem thông báo ở trên. (Not ready after 60 seconds.)", file=sys.stderr)
        return
    print(greeting(options.port, data), flush=True)


def greeting(port: int, data: Path) -> str:
    """The friendly message at the end of `make run`."""
    lines = ["", "Học Vụ Số đã sẵn sàng (ready):", f"  Trang học      http://localhost:{port}/"]
    lines += [f"  Cán bộ         http://localhost:{port}/dieu-hanh/", f"  Soạn bài       http://localhost:{port}/soan/"]
    accounts = data / "demo-accounts.json"
    if accounts.exists():
        lines += ["", "Tài khoản thử, chỉ có trong dữ liệu mẫu (demo accounts):"]
        lines += [f"  đăng nhập tại  http://localhost:{port}/tai-khoan/vao/mat-khau/  (e-mail, mật khẩu)"]
        for account in json.loads(accounts.read_text(encoding="utf-8")):
            lines.append(f"  {account['role']:<38}{account['sign_in']:<24}{account['secret']}")
    lines += ["", f"Dữ liệu nằm ở (data): {data}", "Dừng: Ctrl+C (stop)", ""]
    return "\n".join(lines)
