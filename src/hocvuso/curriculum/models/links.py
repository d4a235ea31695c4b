"""Addresses that the content names, and whether they still answer."""

from __future__ import annotations

from django.db import models

from hocvuso.curriculum.choices import LinkProblem


class Link(models.Model):
    """One address named by lessons, meeting packs or courses of others, with the last answer. No personal data.

    `failures` counts checks in a row without a good answer; `broken_since` is set once that is certain (care.py, rules).
    """

    url = models.CharField(max_length=500, unique=True)
    problem = models.CharField(max_length=10, choices=LinkProblem.choices, blank=True)
    status = models.PositiveSmallIntegerField(null=True)
    failures = models.PositiveSmallIntegerField(default=0)
    checked_at = models.DateTimeField(null=True)
    broken_since = models.DateField(null=True)
    due_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], name="link_due"),
            models.Index(fields=["broken_since", "id"], name="link_broken"),
        ]

    def __str__(self) -> str:
        return self.url


class LinkPlace(models.Model):
    """Where an address stands. `kind` is lesson, meeting or external. No personal data."""

    link = models.ForeignKey(Link, on_delete=models.CASCADE, related_name="places")
    kind = models.CharField(max_length=10)
    slug = models.CharField(max_length=100)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["link", "kind", "slug"], name="link_place_once")]
        indexes = [models.Index(fields=["kind", "slug"], name="link_place")]

    def __str__(self) -> str:
        return f"{self.kind} {self.slug}"
