"""The index of the search: what is looked through, kept beside the releases it was made from."""

from __future__ import annotations

from django.db import models


class SearchEntry(models.Model):
    """A published lesson as the search sees it: words without tone marks. Made again whenever its release changes. No personal data.

    `digest` is the release it was made from; `title`, `keywords`, `summary` are words with single spaces (search.words_of).
    """

    slug = models.CharField(max_length=80, primary_key=True)
    digest = models.CharField(max_length=64)
    title = models.TextField()
    keywords = models.TextField()
    summary = models.TextField()

    def __str__(self) -> str:
        return self.slug


class SearchGram(models.Model):
    """Three letters in a row that occur in an entry: finds the few entries worth a closer look. No personal data.

    Own table, so that SQLite and PostgreSQL find the same lessons.
    """

    gram = models.CharField(max_length=3)
    entry = models.ForeignKey(SearchEntry, on_delete=models.CASCADE, related_name="grams")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["gram", "entry"], name="search_gram_once")]

    def __str__(self) -> str:
        return f"{self.gram} {self.entry_id}"
