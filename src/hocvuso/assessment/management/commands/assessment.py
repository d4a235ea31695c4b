"""`hocvuso assessment recompute|calibrate|simulate|refresh|integrity`."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from hocvuso.assessment.adaptive import EXPOSURE_LIMIT
from hocvuso.assessment.bank import current_bank
from hocvuso.assessment.choices import AttemptState
from hocvuso.assessment.errors import NoSuchPolicy
from hocvuso.assessment.integrity.report import report
from hocvuso.assessment.integrity.services import watch
from hocvuso.assessment.models import Attempt
from hocvuso.assessment.rules import in_family
from hocvuso.assessment.services import bank as services
from hocvuso.assessment.services import current_policy, finish_all_overdue
from hocvuso.assessment.simulation import Error, Simulated, invented_bank, simulate
from hocvuso.kernel.clock import now

BLUEPRINT: list[dict[str, Any]] = [
    {"skills": ["ndct-0", "ndct-5"], "count": 3},
    {"skills": ["ndct-1"], "count": 3},
    {"skills": ["ndct-2"], "count": 3},
    {"skills": ["ndct-3"], "count": 1},
    {"skills": ["ndct-4"], "count": 5},
]


class Command(BaseCommand):
    help = (
        "Bài kiểm tra: tính lại kết quả cũ, hiệu chỉnh câu hỏi, thử trên người giả định, cập nhật số liệu (assessment)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True, metavar="VIỆC")
        recompute = verbs.add_parser("recompute", help="tính lại kết quả cũ từ những gì đã đóng băng cùng bài")
        recompute.add_argument("--attempt", help="chỉ một bài, theo mã của bài")
        recompute.add_argument("--newest", type=int, default=1000, help="bao nhiêu bài, mới nhất trước")
        calibrate = verbs.add_parser("calibrate", help="độ khó và độ phân biệt từ câu trả lời thật")
        calibrate.add_argument(
            "--fewest", type=int, default=services.FEWEST_ANSWERS, help="số câu trả lời tối thiểu của một câu hỏi"
        )
        calibrate.add_argument("--dry-run", action="store_true", help="chỉ cho xem, không ghi")
        trial = verbs.add_parser("simulate", help="thử bài thích ứng trên người giả định")
        trial.add_argument("--people", type=int, default=1000)
        trial.add_argument("--seed", type=int, default=1945)
        trial.add_argument("--items", type=int, default=300, help="số câu hỏi của ngân hàng giả định")
        trial.add_argument("--policy", help="dùng ma trận và ngân hàng thật của một bài kiểm tra")
        trial.add_argument(
            "--limit", type=float, default=EXPOSURE_LIMIT, help="tỷ lệ người tối đa được gặp một câu hỏi"
        )
        integrity = verbs.add_parser("integrity", help="tìm điều bất thường; so với bộ cài sẵn")
        integrity.add_argument("--report", action="store_true", help="in độ chính xác và độ phủ so với nhãn")
        integrity.add_argument(
            "--labels", type=Path, help="tệp nhãn của `seed city --planted`; mặc định trong thư mục dữ liệu"
        )
        verbs.add_parser("refresh", help="chấm bài bỏ dở, cộng bài đã chấm vào số liệu câu hỏi")

    def handle(self, *args: Any, **options: Any) -> None:
        getattr(self, f"_{options['verb']}")(options)

    def _recompute(self, options: dict[str, Any]) -> None:
        attempts = Attempt.objects.select_related("policy").filter(state=AttemptState.GRADED)
        if options["attempt"]:
            attempts = attempts.filter(id=options["attempt"])
        differ = done = 0
        for attempt in attempts.order_by("-graded_at", "-id")[: options["newest"]].iterator(chunk_size=100):
            found = services.recompute(attempt)
            done += 1
            if not found.same or options["attempt"]:
                self.stdout.write(
                    f"{attempt.id}  {attempt.policy}  {found.stored} -> {found.again}"
                    + (f"  ({found.answers_differ} answers differ)" if found.answers_differ else "")
                )
            differ += not found.same
        if options["attempt"] and not done:
            raise CommandError(_("There is no graded test with this id."))
        self.stdout.write(_("%(done)s results computed again, %(differ)s differ.") % {"done": done, "differ": differ})
        if differ:
            raise SystemExit(1)

    def _calibrate(self, options: dict[str, Any]) -> None:
        found = services.calibrate(at=now(), fewest=options["fewest"], write=not options["dry_run"])
        self.stdout.write(
            _("%(items)s questions calibrated from the answers of %(people)s people; %(few)s have too few answers.")
            % {"items": len(found.items), "people": found.people, "few": found.too_few}
        )
        for code, a, b, answers in found.items:
            self.stdout.write(f"  {code:<50} a {a:6.2f}   b {b:6.2f}   n {answers}")

    def _simulate(self, options: dict[str, Any]) -> None:
        blueprint, pass_ratio = BLUEPRINT, 0.8
        bank = invented_bank(blueprint, items=options["items"], seed=options["seed"])
        if options["policy"]:
            try:
                policy = current_policy(options["policy"])
            except NoSuchPolicy as error:
                raise CommandError(str(error)) from error
            blueprint, pass_ratio = policy.blueprint, float(policy.pass_ratio)
            real = current_bank()
            if not real.is_ready(blueprint):
                raise CommandError(_("The bank of this policy has too few calibrated questions."))
            bank = [
                {**one, "cell": place}
                for one in real.calibrated().questions
                for place, cell in enumerate(blueprint)
                if in_family(one["skill"], cell["skills"])
            ]
        found = simulate(
            bank,
            blueprint,
            people=options["people"],
            seed=options["seed"],
            limit=options["limit"],
            pass_ratio=pass_ratio,
        )
        self.stdout.write("\n".join(_told(found, options, len(bank), sum(cell["count"] for cell in blueprint))))

    def _integrity(self, options: dict[str, Any]) -> None:
        if not options["report"]:
            self.stdout.write(_("%(cases)s new re-checks.") % {"cases": watch(at=now())})
            return
        labels = options["labels"] or settings.DATA / "planted-labels.json"
        if not labels.is_file():
            raise CommandError(
                _("There are no labels. Make a city with a planted set first: hocvuso seed city --planted")
            )
        self.stdout.write("\n".join(report(labels=labels, at=now())))

    def _refresh(self, options: dict[str, Any]) -> None:
        at = now()
        fresh = services.refresh_items(at=at)
        graded = counted = 0
        while done := finish_all_overdue(at=at):
            graded += done
        while done := services.count_graded(at=at):
            counted += done
        self.stdout.write(
            _("%(fresh)s new questions, %(graded)s tests left open graded, %(counted)s tests counted.")
            % {"fresh": fresh, "graded": graded, "counted": counted}
        )


def _told(found: Simulated, options: dict[str, Any], items: int, length: int) -> list[str]:
    def line(words: str, error: Error) -> str:
        return f"  {words:<46}{error.rmse:8.3f}{error.bias:+10.3f}{error.correlation:12.3f}"

    shares = sorted(found.exposure.values(), reverse=True)
    return [
        f"{options['people']} people, {items} items, {length} questions each, seed {options['seed']}",
        "",
        f"  {'estimate of ability':<46}{'RMSE':>8}{'bias':>10}{'correlation':>12}",
        line("adaptive, our EAP", found.ours),
        line("same answers, girth EAP (same prior)", found.same_prior),
        line("same answers, catsim maximum likelihood", found.likelihood),
        line("paper of the same length drawn at random", found.fixed),
        "",
        f"  mean standard error {found.standard_error:.3f}; right decisions at the pass mark {found.right_decisions:.1%}",
        f"  content as the blueprint says: {'yes' if found.content_kept else 'NO'}",
        f"  exposure: largest {shares[0]:.1%}, limit {found.limit:.0%}, above it {sum(s > found.limit for s in shares)},"
        f" median {shares[len(shares) // 2]:.1%}, never shown {sum(not s for s in shares)} of {len(shares)}",
        f"  two people have {found.overlap:.1%} of their questions in common",
    ]
