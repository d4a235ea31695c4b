"""What has been published: immutable bytes named by their hash."""

from __future__ import annotations

from typing import Any, NoReturn

from django.db import models
from django.db.models import Q

from hocvuso.curriculum.choices import ReleaseKind
from hocvuso.curriculum.errors import ReleaseIsFinal


class ReleaseQuerySet(models.QuerySet["Release"]):
    def current(self) -> ReleaseQuerySet:
        return self.filter(is_current=True)

    def without_bytes(self) -> ReleaseQuerySet:
        """Leave the three bodies in the database: for lists."""
        return self.defer("body", "body_br", "body_gz")

    def delete(self) -> NoReturn:
        raise ReleaseIsFinal


class Release(models.Model):
    """One published state of a lesson, practice or path, the same bytes for everybody for ever.

    `digest` is the SHA-256 (hex) of `body`, canonical JSON (RFC 8785); `body_br` and `body_gz` are the same bytes
    compressed. At most one release of a slug is current; older ones stay readable by digest. No personal data.
    """

    digest = models.CharField(max_length=64, primary_key=True)
    kind = models.CharField(max_length=10, choices=ReleaseKind.choices)
    slug = models.CharField(max_length=80)
    body = models.BinaryField()
    body_br = models.BinaryField()
    body_gz = models.BinaryField()
    created_at = models.DateTimeField()
    is_current = models.BooleanField(default=False)

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "slug"], condition=Q(is_current=True), name="release_one_current_per_slug"
            )
        ]
        indexes = [models.Index(fields=["kind", "slug", "created_at"], name="release_kind_slug")]

    def __str__(self) -> str:
        return f"{self.kind} {self.slug} {self.digest[:12]}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise ReleaseIsFinal
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise ReleaseIsFinal


class PolicySeed(models.Model):
    """An assessment policy as the starter content (or an office) gives it; the assessment room applies it. No personal data.

    `code` and `version` are stable; `data` has the fields of docs/reference/content-format.md, policies.
    """

    code = models.SlugField(max_length=60)
    version = models.PositiveIntegerField()
    data = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "version"], name="policy_code_version")]
        ordering = ["code", "version"]

    def __str__(self) -> str:
        return f"{self.code} {self.version}"


class Loaded(models.Model):
    """What the loader last put in: tells files that changed from lessons edited in the studio. No personal data.

    `source_digest` is the SHA-256 of the source as read; `revision_id` the revision made from it (0 where there are none).
    """

    kind = models.CharField(max_length=20)
    slug = models.CharField(max_length=100)
    source_digest = models.CharField(max_length=64)
    revision_id = models.PositiveBigIntegerField(default=0)
    loaded_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "slug"], name="loaded_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.slug}"
