"""Who writes, reviews and publishes lessons in the studio: the holders of a mandate for it, and nobody else."""

from __future__ import annotations

from datetime import date

from django.contrib.auth.models import Group as AuthGroup
from django.contrib.auth.models import Permission

from hocvuso.people.models import Account, Person
from hocvuso.people.policies import Capability, mandates_on, roles_with

AUTHORS = "Tác giả"
REVIEWERS = "Người duyệt bài"
PUBLISHERS = "Người xuất bản"
GROUPS = {AUTHORS: Capability.AUTHOR, REVIEWERS: Capability.REVIEW, PUBLISHERS: Capability.PUBLISH}


def studio_group(name: str) -> AuthGroup:
    """One of the three groups, with the right to enter the studio; other rooms add their own rights to it."""
    group, created = AuthGroup.objects.get_or_create(name=name)
    if created:
        group.permissions.add(
            *Permission.objects.filter(content_type__app_label="wagtailadmin", codename="access_admin")
        )
    return group


def authors_group() -> AuthGroup:
    """The group of authors."""
    return studio_group(AUTHORS)


def sync_author(person: Person, *, on: date) -> None:
    """Put a person's account in the groups of the studio, or take it out, as their mandates say."""
    account = Account.objects.filter(person=person).first()
    if account is None:
        return
    roles = set(mandates_on(person, on).values_list("role", flat=True))
    for name, capability in GROUPS.items():
        if roles.intersection(roles_with(capability)):
            account.groups.add(studio_group(name))
        else:
            account.groups.remove(*AuthGroup.objects.filter(name=name))
