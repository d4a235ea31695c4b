"""Ask, politely and from this machine to the public internet only, whether the addresses in lessons still answer.

One address of a site at a time, HEAD before GET, nothing of the page kept. A name is resolved once and the connection goes to that
very machine, so that no name can lead inside (private, local and reserved addresses are refused, after every redirect anew).
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote, urljoin, urlsplit
from urllib.robotparser import RobotFileParser

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.db.models import Exists, OuterRef

from hocvuso.curriculum.choices import LinkProblem
from hocvuso.curriculum.models import ExternalCourse, LessonPage, Link, LinkPlace, MeetingPack
from hocvuso.kernel.clock import local_date

NAME = "HocVuSo-link-check"
PORTS = frozenset({80, 443, 8080, 8443})
# What a site says to machines is kept for a day; longer texts are cut.
ROBOTS_SECONDS = 24 * 3600
ROBOTS_BYTES = 100_000
TIMEOUT_SECONDS = 6
REDIRECTS = 4
AT_ONCE = 10
AGAIN_AFTER = timedelta(days=7)
# After a failure: an hour, six, a day, then every three days. Broken for certain with the third failure in a row.
BACK_OFF = (timedelta(hours=1), timedelta(hours=6), timedelta(days=1), timedelta(days=3))
CERTAIN_AFTER = 3
# The site answers, it only does not let machines in.
LIVES = frozenset({401, 402, 403, 405, 406, 429, 451})


@dataclass(frozen=True, slots=True)
class Answer:
    """What an address answered: `problem` is empty when it is well."""

    problem: str = ""
    status: int | None = None


# --- asking ----------------------------------------------------------------------------------------------------------


class NotPublic(Exception):
    """The name leads to a machine that is not on the public internet."""


def public_address(host: str, port: int) -> str:
    """The address of a host on the public internet. Raises NotPublic where any of its addresses is inside, OSError without a name."""
    found = {str(row[4][0]) for row in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    for one in found:
        address = ipaddress.ip_address(one.partition("%")[0])
        inside = getattr(address, "ipv4_mapped", None) or getattr(address, "sixtofour", None) or address
        if not address.is_global or not inside.is_global or address.is_multicast:
            raise NotPublic(host)
    return sorted(found, key=lambda one: (":" in one, one))[0]


def ask(url: str) -> Answer:
    """Ask one address, following a few redirects. Never raises for what the other side does.

    A site that asks machines to stay away (robots.txt) is left alone and counts as alive: people are its judges.
    """
    for _hop in range(REDIRECTS + 1):
        try:
            if not _welcome(url):
                return Answer()
            status, onward = _ask_once(url)
        except NotPublic:
            return Answer(LinkProblem.FORBIDDEN)
        except socket.gaierror:
            return Answer(LinkProblem.NAME)
        except TimeoutError:
            return Answer(LinkProblem.TIMEOUT)
        except ssl.SSLError:
            return Answer(LinkProblem.SECURE)
        except (OSError, http.client.HTTPException, ValueError):
            return Answer(LinkProblem.REFUSED)
        if status in {301, 302, 303, 307, 308} and onward:
            url = urljoin(url, onward)
            continue
        return judged(status)
    return Answer(LinkProblem.LOOP)


def judged(status: int) -> Answer:
    """What a status says of an address. Pure."""
    if status < 400 or status in LIVES:
        return Answer("", status)
    return Answer(LinkProblem.GONE if status < 500 else LinkProblem.SERVER, status)


@dataclass(frozen=True, slots=True)
class _Site:
    """Where a request goes: the machine was looked up once and is on the public internet."""

    scheme: str
    host: str
    machine: str
    port: int


def _site_of(url: str) -> _Site:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username or parts.password:
        raise NotPublic(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    if port not in PORTS:
        raise NotPublic(url)
    host = parts.hostname.encode("idna").decode("ascii")
    return _Site(parts.scheme, host, public_address(host, port), port)


def _welcome(url: str) -> bool:
    """Whether the site lets machines ask this address; without a robots.txt that can be read, it does."""
    site = _site_of(url)
    key = f"robots:{site.scheme}:{site.host}:{site.port}"[:200]
    text = cache.get(key)
    if text is None:
        status, _onward, body = _request("GET", site, "/robots.txt", most=ROBOTS_BYTES)
        text = body.decode("utf-8", "replace") if status == 200 else ""
        cache.set(key, text, ROBOTS_SECONDS)
    rules = RobotFileParser()
    rules.parse(text.splitlines())
    return rules.can_fetch(NAME, url)


def _ask_once(url: str) -> tuple[int, str]:
    site, parts = _site_of(url), urlsplit(url)
    target = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._") + (
        f"?{quote(parts.query, safe='/%:@!$&()*+,;=~-._?')}" if parts.query else ""
    )
    status, onward, _body = _request("HEAD", site, target)
    if status >= 400 and status != 429:
        # Some sites know no HEAD.
        status, onward, _body = _request("GET", site, target)
    return status, onward


def _request(method: str, site: _Site, target: str, *, most: int = 0) -> tuple[int, str, bytes]:
    """Status, where it leads on, and at most so many bytes of the answer."""
    connection = http.client.HTTPConnection(site.host, site.port, timeout=TIMEOUT_SECONDS)
    sock = socket.create_connection((site.machine, site.port), timeout=TIMEOUT_SECONDS)
    try:
        if site.scheme == "https":
            sock = ssl.create_default_context().wrap_socket(sock, server_hostname=site.host)
        connection.sock = sock
        agent = f"{NAME}/1 (+{settings.PUBLIC_URL}/)"
        connection.request(method, target, headers={"User-Agent": agent, "Accept": "*/*", "Connection": "close"})
        answer = connection.getresponse()
        return answer.status, answer.getheader("Location") or "", answer.read(most) if most else b""
    finally:
        connection.close()
        sock.close()


# --- what there is to ask --------------------------------------------------------------------------------------------


def named_addresses() -> Iterator[tuple[str, str, str]]:
    """Every address that published content names: (url, kind, slug)."""
    for page in LessonPage.objects.live().only("slug", "sources", "use_link_url").iterator(200):
        for block in page.sources:
            yield block.value.get("url") or "", "lesson", page.slug
        yield page.use_link_url, "lesson", page.slug
    for pack in MeetingPack.objects.filter(live=True).only("slug", "sources").iterator(200):
        for block in pack.sources:
            yield block.value.get("url") or "", "meeting", pack.slug
    for slug, url in ExternalCourse.objects.values_list("slug", "url").iterator():
        yield url, "external", slug


@transaction.atomic
def gather_links(*, at: datetime) -> int:
    """Bring the table of links in line with the content; how many places there are."""
    wanted = {(url.strip(), kind, slug) for url, kind, slug in named_addresses() if url.strip() and len(url) <= 500}
    there = {
        (url, kind, slug): pk
        for pk, url, kind, slug in LinkPlace.objects.values_list("pk", "link__url", "kind", "slug")
    }
    gone = [pk for key, pk in there.items() if key not in wanted]
    new = sorted(wanted - set(there))
    Link.objects.bulk_create(
        (Link(url=url, due_at=at) for url in sorted({key[0] for key in new})), ignore_conflicts=True
    )
    ids = dict(Link.objects.filter(url__in={key[0] for key in new}).values_list("url", "pk")) if new else {}
    LinkPlace.objects.bulk_create(LinkPlace(link_id=ids[url], kind=kind, slug=slug) for url, kind, slug in new)
    LinkPlace.objects.filter(pk__in=gone).delete()
    Link.objects.filter(~Exists(LinkPlace.objects.filter(link=OuterRef("pk")))).delete()
    return len(wanted)


def check_links(*, at: datetime, most: int = AT_ONCE, ask: Callable[[str], Answer] = ask) -> int:
    """Ask the addresses that are due, at most one of each site; how many were asked. Work in the background, never in a page."""
    asked: set[str] = set()
    for link in Link.objects.filter(due_at__lte=at).order_by("due_at", "pk")[: most * 3]:
        site = urlsplit(link.url).hostname or ""
        if site in asked or len(asked) >= most:
            continue
        asked.add(site)
        note_answer(link=link, answer=ask(link.url), at=at)
    return len(asked)


def note_answer(*, link: Link, answer: Answer, at: datetime) -> None:
    """Keep what a link answered and when to ask again."""
    link.checked_at, link.problem, link.status = at, answer.problem, answer.status
    if not answer.problem:
        link.failures, link.broken_since, link.due_at = 0, None, at + AGAIN_AFTER
    else:
        link.failures = min(link.failures + 1, 1000)
        link.due_at = at + BACK_OFF[min(link.failures, len(BACK_OFF)) - 1]
        certain = (
            link.failures >= CERTAIN_AFTER or answer.problem == LinkProblem.FORBIDDEN or answer.status in {404, 410}
        )
        if certain and link.broken_since is None:
            link.broken_since = local_date(at)
    link.save()


def keep_links(*, at: datetime) -> int:
    """One turn of the background work: what is new is noted, what is due is asked."""
    gather_links(at=at)
    return check_links(at=at)


def check_all_links(*, at: datetime) -> tuple[int, int]:
    """Ask every address now, for operators who do not want to wait; how many were asked and how many gave no good answer."""
    gather_links(at=at)
    asked = silent = 0
    for link in Link.objects.order_by("pk").iterator(200):
        answer = ask(link.url)
        note_answer(link=link, answer=answer, at=at)
        asked, silent = asked + 1, silent + bool(answer.problem)
    return asked, silent
