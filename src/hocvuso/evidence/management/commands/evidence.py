"""`hocvuso evidence …`: work the ledger in, rebuild it, verify it, seal it."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from hocvuso.evidence.models import Evidence, PendingEvidence, Seal
from hocvuso.evidence.projector import project_all
from hocvuso.evidence.rebuild import rebuild
from hocvuso.evidence.seals import seal_days, verify
from hocvuso.kernel.clock import now


class Command(BaseCommand):
    help = (
        "Sổ minh chứng: cộng vào số liệu, dựng lại, kiểm tra, niêm phong (project, rebuild, verify, seal the ledger)."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True, metavar="VIỆC")
        verbs.add_parser("project", help="cộng minh chứng đang chờ vào số liệu")
        again = verbs.add_parser("rebuild", help="tính lại mọi số liệu chỉ từ sổ minh chứng")
        again.add_argument("--check", action="store_true", help="chỉ so sánh; mã thoát 1 nếu có chỗ khác")
        verbs.add_parser("verify", help="tìm dòng bị sửa, bị xóa, bị lùi ngày; mã thoát 1 nếu có")
        verbs.add_parser("seal", help="niêm phong mọi ngày đã qua")
        verbs.add_parser("status", help="có bao nhiêu minh chứng, bao nhiêu đang chờ, lần niêm phong gần nhất")

    def handle(self, *args: Any, **options: Any) -> None:
        getattr(self, options["verb"])(options)

    def project(self, options: dict[str, Any]) -> None:
        self.stdout.write(f"{project_all()} minh chứng đã cộng vào số liệu.")

    def rebuild(self, options: dict[str, Any]) -> None:
        report = rebuild(check=options["check"])
        counted = f"{report.entries} minh chứng của {report.people} người"
        for sentence in report.differences:
            self.stderr.write(sentence)
        if options["check"]:
            if report.differences:
                self.stderr.write(f"Khác nhau: {len(report.differences)} chỗ (đã đọc {counted}).")
                sys.exit(1)
            self.stdout.write(f"Khớp hoàn toàn: {counted}, 0 chỗ khác nhau.")
        else:
            self.stdout.write(f"Đã dựng lại từ {counted}; sửa {len(report.differences)} chỗ.")

    def verify(self, options: dict[str, Any]) -> None:
        report = verify()
        for sentence in report.problems:
            self.stderr.write(sentence)
        if report.problems:
            self.stderr.write(f"Sổ minh chứng có {len(report.problems)} chỗ không khớp.")
            sys.exit(1)
        self.stdout.write(f"Sổ minh chứng nguyên vẹn: {report.rows} dòng, {report.days} ngày.")

    def seal(self, options: dict[str, Any]) -> None:
        seals = seal_days(at=now())
        self.stdout.write(f"Đã niêm phong {len(seals)} ngày." if seals else "Không có ngày nào cần niêm phong.")

    def status(self, options: dict[str, Any]) -> None:
        last = Seal.objects.order_by("-day").first()
        self.stdout.write(f"Minh chứng: {Evidence.objects.count()}; chờ cộng: {PendingEvidence.objects.count()}")
        self.stdout.write(f"Niêm phong gần nhất: {last.day} {last.root[:16]}…" if last else "Chưa niêm phong ngày nào.")
