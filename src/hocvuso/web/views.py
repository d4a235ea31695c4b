"""Home, the pages about the system, and where people go after signing in."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from hocvuso.curriculum.public import LessonCard, catalogue, published_paths
from hocvuso.learning.public import WHO, by_goal, codes_of, served
from hocvuso.people.public import Group, person_of
from hocvuso.web import example, navigation

# So many lessons stand open on the first page of somebody who has not chosen yet.
MOST_TO_BEGIN_WITH = 4


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The learner's first page, the same for everybody; what is personal is filled in on the device."""
    cards, paths = catalogue(), published_paths()
    by_slug = {card.slug: card for card in cards}
    advised = next((path.lessons for path in paths if path.group == Group.ADULT and path.policy), ())
    begin = [by_slug[slug] for slug in advised if slug in by_slug] or cards
    context = {
        "whos": WHO,
        "goals": served(cards),
        "paths": paths,
        "begin": [_line(card) for card in begin[:MOST_TO_BEGIN_WITH]],
        "sections": [
            {"goal": section.goal, "lessons": [_line(card) for card in section.lessons]} for section in by_goal(cards)
        ],
        "search": navigation.address_of(["curriculum:search"]),
    }
    return render(request, "web/home.html", context)


def _line(card: LessonCard) -> dict[str, Any]:
    """A lesson as a row of the first page."""
    address = navigation.address_of(["curriculum:lesson"], slug=card.slug)
    return {"card": card, "address": address, "goals": codes_of(card)}


@require_safe
def after_sign_in(request: HttpRequest) -> HttpResponse:
    """Send people to the place they work in; somebody not signed in, to the door."""
    if not request.user.is_authenticated:
        door = navigation.address_of(["account_login"])
        return redirect(f"{door}?next={reverse('web:after-sign-in')}" if door else reverse("web:home"))
    person = person_of(request)
    desk = navigation.home_of(navigation.open_mandates(person)) if person else ""
    return redirect(desk or reverse("web:home"))


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    return render(request, "web/about.html")


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "web/privacy.html")


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    return render(request, "web/help.html")


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """What still works without a network; the service worker keeps a copy."""
    return render(request, "web/offline.html")


@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """Every component with example data, for those who make pages."""
    return render(request, "web/gallery.html", example.gallery())


@require_safe
def officer_gallery(request: HttpRequest) -> HttpResponse:
    """The officers' components with example data."""
    return render(request, "web/gallery_officer.html", example.officer_gallery())
