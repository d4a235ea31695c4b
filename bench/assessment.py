"""How many answers a second one core takes, beside the bare cost of storing an answer.

Three depths: the bare row in a transaction of its own, the service (turns, reading, grading, storing; fixed and adaptive papers),
and the whole page as a request (session, person, form, service, redirect), all in one process on one core. Runs on the database of
HOCVUSO_DATABASE_URL, or a throw-away SQLite without it.
"""

from __future__ import annotations

import argparse
import io
import os
import shutil
import statistics
import tempfile
import time
from datetime import timedelta

PEOPLE_AT_ONCE = 30_000
SECONDS_A_QUESTION = 40


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=40, help="each answers a whole paper at every depth")
    options = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="hocvuso-bench-")
    os.environ.update(HOCVUSO_DATA=folder, DJANGO_SETTINGS_MODULE="hocvuso.config.settings", HOCVUSO_LOG="ERROR")
    try:
        measure(options.people)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def measure(people: int) -> None:
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import transaction
    from django.test import Client

    settings.ALLOWED_HOSTS = ["testserver"]
    call_command("migrate", verbosity=0)
    call_command("curriculum", "load", verbosity=0, stdout=io.StringIO())
    from hocvuso.assessment.models import Answer, Item, Policy
    from hocvuso.assessment.services import answer, finish, get_attempt, load_policies, open_attempt
    from hocvuso.assessment.services.bank import refresh_items
    from hocvuso.kernel.clock import now
    from hocvuso.kernel.ids import new_id
    from hocvuso.people.public import Purpose, create_account_with_password, record_consent, register_person

    load_policies()
    code, at = "pho-cap-nguoi-dan", now()
    persons = []
    for number in range(people):
        person = register_person(actor=None, full_name=f"Người học {number}", at=at)
        record_consent(
            actor=person, person=person, purpose=Purpose.LEARNING, given=True, text_version="bench", how="web", at=at
        )
        persons.append(person)

    def told(label: str, times: list[float]) -> float:
        # By the median: the first of each kind also pays for what a process loads once.
        rate = 1 / statistics.median(times)
        cuts = statistics.quantiles(times, n=20)
        print(
            f"{label:<44}{rate:>8,.0f}/s   median {statistics.median(times) * 1000:6.2f} ms   95% {cuts[18] * 1000:6.2f} ms"
        )
        return rate

    def timed(work) -> float:  # type: ignore[no-untyped-def]
        """Processor seconds of one piece of work: waiting for others on a shared machine is not its cost."""
        started = time.process_time()
        work()
        return time.process_time() - started

    def bare(person, attempt_id, position) -> None:  # type: ignore[no-untyped-def]
        with transaction.atomic():
            Answer.objects.create(
                person=person,
                attempt_id=attempt_id,
                position=position,
                chosen=["a1b2c3"],
                correct=True,
                answered_at=at,
                item="x",
            )

    def one(question):  # type: ignore[no-untyped-def]
        names = [option["name"] for option in question["options"]]
        if question["kind"] == "match":
            return [f"{option['name']}:{option['partner']}" for option in question["options"]]
        return names if question["kind"] == "order" else names[:1]

    times = []
    for person in persons:
        attempt_id = new_id()
        times += [timed(lambda p=person, a=attempt_id, n=n: bare(p, a, n)) for n in range(1, 16)]
    floor = told("bare: one row, own transaction", times)

    def paper(person, day) -> tuple[list[float], float, float]:  # type: ignore[no-untyped-def]
        moment = at + timedelta(days=day)
        started = time.process_time()
        attempt = open_attempt(person=person, policy_code=code, at=moment)
        opened, spent = time.process_time() - started, []
        for position in range(1, attempt.total + 1):
            if attempt.is_adaptive:
                attempt = get_attempt(person, attempt.id)
            chosen = one(attempt.paper[position - 1])
            spent.append(
                timed(
                    lambda c=chosen, p=position, a=attempt.id: answer(
                        person=person, attempt_id=a, position=p, chosen=c, at=moment
                    )
                )
            )
        graded = timed(lambda: finish(person=person, attempt_id=attempt.id, at=moment))
        return spent, opened, graded

    def service(label: str, day: int) -> float:
        rows = [paper(person, day) for person in persons]
        rate = told(f"service, {label}", [each for spent, _, _ in rows for each in spent])
        told(f"  opening a test, {label}", [opened for _, opened, _ in rows])
        told(f"  grading a test, {label}", [graded for _, _, graded in rows])
        return rate

    fixed = service("fixed paper", -2)
    refresh_items(at=at)
    for place, item in enumerate(Item.objects.order_by("code")):
        Item.objects.filter(pk=item.pk).update(difficulty=-2 + place % 9 * 0.5, calibrated_at=at, changed_at=at)
    old = Policy.objects.filter(code=code).latest("version")
    values = {field.name: getattr(old, field.name) for field in Policy._meta.fields if field.name != "id"}
    Policy.objects.create(**{**values, "version": old.version + 1, "adaptive": True})
    adaptive = service("adaptive paper", -1)
    Policy.objects.create(**{**values, "version": old.version + 2})

    Client().get("/kiem-tra/")
    times = []
    for number, person in enumerate(persons):
        account = create_account_with_password(
            person=person, email=f"b{number}@demo.invalid", password="đèn-dầu-1945", at=at
        )
        client = Client()
        client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
        attempt = open_attempt(person=person, policy_code=code, at=now())
        for position, question in enumerate(attempt.paper, 1):
            chosen = one(question)
            data: dict[str, object] = {"answer": chosen}
            if question["kind"] == "order":
                data = {f"rank-{name}": place for place, name in enumerate(chosen, 1)}
            elif question["kind"] == "match":
                data = {f"pair-{line}": partner for line, partner in (pair.split(":") for pair in chosen)}
            address = f"/kiem-tra/bai/{attempt.id}/{position}/"
            times.append(
                timed(lambda c=client, a=address, d=data: c.post(a, d, headers={"Accept": "application/json"}))
            )
    page = told("request: an answer sent from the page", times)
    needed = PEOPLE_AT_ONCE / SECONDS_A_QUESTION
    print(
        f"\nservice / bare: fixed {floor / fixed:.1f}x, adaptive {floor / adaptive:.1f}x, request {floor / page:.1f}x the cost"
    )
    print(
        f"{PEOPLE_AT_ONCE:,} people at once, an answer every {SECONDS_A_QUESTION} s each: {needed:,.0f} answers/s,"
        f" {needed / page:.1f} such cores for sending alone, {2 * needed / page:.1f} with the page of the next question"
    )


if __name__ == "__main__":
    main()
