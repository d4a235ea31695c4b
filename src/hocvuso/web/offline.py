"""What a phone keeps for when there is no network: the list of lesson pages, and the version of the shell."""

from __future__ import annotations

import hashlib
from functools import cache

from django.conf import settings
from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.utils.translation import override

from hocvuso import __version__
from hocvuso.curriculum.public import catalogue
from hocvuso.web.navigation import address_of

SHELL_FILES = (
    "web/learner.css",
    "web/theme.js",
    "web/shell.js",
    "web/listen.js",
    "web/offline.js",
    "learning/device.js",
    "learning/here.js",
    "learning/start.js",
    "learning/keep.js",
    "learning/outbox.js",
    "learning/store.js",
    "curriculum/search.js",
    "curriculum/search-page.js",
    "learning/outbox.css",
    "credentials/verify-offline.js",
    "credentials/credentials.css",
    "web/icons.svg",
    "web/vendor/be-vietnam-pro-400.woff2",
    "web/vendor/be-vietnam-pro-600.woff2",
)
# Pages that the service worker keeps from its first minute.
SHELL_PAGES = (
    "web:home",
    "web:offline",
    "web:help",
    "learning:outbox",
    "credentials:verify-offline",
    "curriculum:search",
    "search-list",
    "learning:kept",
)


def shell_addresses() -> list[str]:
    """Pages in the language of the house and the files they need."""
    with override(settings.LANGUAGE_CODE):
        pages = [address_of([name]) for name in SHELL_PAGES]
    return pages + [static(name) for name in SHELL_FILES]


@cache
def _sources_digest() -> str:
    digest = hashlib.sha256(__version__.encode())
    for name in SHELL_FILES:
        path = finders.find(name)
        if path:
            with open(path, "rb") as file:
                digest.update(file.read())
    return digest.hexdigest()[:16]


def shell_version() -> str:
    """Changes whenever a file of the shell does."""
    if settings.DEBUG:
        _sources_digest.cache_clear()
    return _sources_digest()


def lesson_addresses() -> tuple[str, list[str]]:
    """A version, and the addresses of every current lesson page; practices and releases are found in those pages."""
    cards = [card for card in catalogue() if card.digest]
    with override(settings.LANGUAGE_CODE):
        pages = [
            address_of([name], slug=card.slug) for card in cards for name in ("curriculum:lesson", "learning:known")
        ]
    text = "\n".join(f"{card.slug} {card.digest}" for card in cards)
    # The first page and the list for searching name lessons too: they are asked for again with them.
    shared = [address_of([name]) for name in ("web:home", "search-list")]
    return hashlib.sha256(text.encode()).hexdigest()[:16], [page for page in [*pages, *shared] if page]
