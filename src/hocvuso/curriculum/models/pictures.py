"""Pictures of lessons, and the bytes of every picture that was ever kept."""

from __future__ import annotations

import re
from typing import Any, NoReturn

from django import forms
from django.contrib.contenttypes.fields import GenericRelation
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, MultiFieldPanel
from wagtail.models import DraftStateMixin, LockableMixin, RevisionMixin, WorkflowMixin

from hocvuso.curriculum import rules
from hocvuso.curriculum.choices import PictureLicence
from hocvuso.curriculum.errors import ReleaseIsFinal
from hocvuso.curriculum.models.lessons import code_of
from hocvuso.curriculum.picture_files import ENDINGS, SVG, Prepared, prepare
from hocvuso.kernel.clock import now, today
from hocvuso.kernel.errors import HocVuSoError
from hocvuso.kernel.vietnamese import composed


class PictureFileQuerySet(models.QuerySet["PictureFile"]):
    def delete(self) -> NoReturn:
        raise ReleaseIsFinal


class PictureFile(models.Model):
    """The bytes of a picture, named by their SHA-256; written once, for releases point to them for ever. No personal data.

    `body_br` and `body_gz` are the same bytes compressed; empty for photos, which are packed in themselves.
    """

    digest = models.CharField(max_length=64, primary_key=True)
    content_type = models.CharField(max_length=20)
    body = models.BinaryField()
    body_br = models.BinaryField(default=b"")
    body_gz = models.BinaryField(default=b"")
    created_at = models.DateTimeField()

    objects = PictureFileQuerySet.as_manager()

    def __str__(self) -> str:
        return self.digest[:12]

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise ReleaseIsFinal
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise ReleaseIsFinal


def keep_file(prepared: Prepared) -> None:
    """Keep the bytes of a picture; the same bytes are kept once."""
    if PictureFile.objects.filter(pk=prepared.digest).exists():
        return
    drawn = prepared.content_type == SVG
    packed = rules.pack(prepared.body) if drawn else rules.Packed(prepared.body, b"", b"")
    PictureFile(
        digest=prepared.digest,
        content_type=prepared.content_type,
        body=packed.body,
        body_br=packed.br,
        body_gz=packed.gz,
        created_at=now(),
    ).save()


class PictureForm(WagtailAdminModelForm):
    """The file is brought here and made safe and small at once; what the form says of it is true of the bytes that are kept."""

    upload = forms.FileField(
        label=_("File"),
        required=False,
        help_text=_(
            "A drawing (SVG) or a photo (PNG, JPEG, WebP). Photos are made small here; place, time and camera are removed. An empty field keeps the picture as it is."
        ),
        widget=forms.FileInput(
            attrs={"accept": ".svg,.png,.jpg,.jpeg,.webp,image/svg+xml,image/png,image/jpeg,image/webp"}
        ),
    )
    prepared: Prepared | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance.checked_on:
            self.initial.setdefault("checked_on", today())

    def clean_upload(self) -> Any:
        file = self.cleaned_data.get("upload")
        if file:
            try:
                self.prepared = prepare(file.read())
            except HocVuSoError as problem:
                raise ValidationError(str(problem.message)) from problem
        elif not self.instance.digest:
            raise ValidationError(gettext("Choose the picture's file. What you wrote in the other fields stays."))
        return file

    def clean(self) -> Any:
        data = super().clean()
        missing = {
            "alt": gettext("Say what the picture shows, for people who cannot see it. One sentence is enough."),
            "author": gettext("Say who made the picture: a name, a team or “Học Vụ Số”."),
            "licence": gettext("Choose under which licence we may use the picture."),
            "source": gettext("Say where the picture comes from: an address, or words such as “drawn for Học Vụ Số”."),
        }
        for name, sentence in missing.items():
            if name in self.fields and not str(self.cleaned_data.get(name) or "").strip():
                self._errors.pop(name, None)
                self.add_error(name, sentence)
        if self.cleaned_data.get("licence") == PictureLicence.OWN and not self.cleaned_data.get("licence_text"):
            self.add_error("licence_text", gettext("Say in one sentence what this licence allows and who gave it."))
        return data

    def save(self, commit: bool = True) -> Any:
        if self.prepared is not None:
            keep_file(self.prepared)
            self.instance.take(self.prepared)
        return super().save(commit)


class Picture(WorkflowMixin, DraftStateMixin, LockableMixin, RevisionMixin, models.Model):
    """A picture that lessons may show, with what must be said of it: what it shows, whose it is, under which licence.

    `slug` is stable: files and translations name the picture by it. `digest` names the bytes (PictureFile). A lesson's release holds
    the digest and these words as they were; a change here reaches lessons with their next release. `author` may be the name of a
    person who agreed to be named: personal data.
    """

    slug = models.SlugField(_("code"), max_length=80, unique=True, editable=False)
    title = models.CharField(_("title of the picture"), max_length=120)
    alt = models.CharField(
        _("what it shows"),
        max_length=300,
        help_text=_("Read aloud to people who do not see the picture. Say what matters in it, not “picture of”."),
    )
    author = models.CharField(_("who made it"), max_length=200)
    licence = models.CharField(_("licence"), max_length=20, choices=PictureLicence.choices)
    licence_text = models.CharField(
        _("what the licence of its own allows"),
        max_length=300,
        blank=True,
        help_text=_("Only for a licence of its own: what is allowed, who gave it, when."),
    )
    source = models.CharField(
        _("where it comes from"),
        max_length=300,
        help_text=_("An address (https://…), or words such as “drawn for Học Vụ Số”."),
    )
    checked_on = models.DateField(_("checked on"))
    digest = models.CharField(max_length=64, editable=False)
    content_type = models.CharField(max_length=20, editable=False)
    width = models.PositiveSmallIntegerField(default=0, editable=False)
    height = models.PositiveSmallIntegerField(default=0, editable=False)
    weight = models.PositiveIntegerField(default=0, editable=False)

    _revisions = GenericRelation(
        "wagtailcore.Revision",
        content_type_field="base_content_type",
        object_id_field="object_id",
        related_query_name="picture",
        for_concrete_model=False,
    )

    base_form_class = PictureForm
    panels = [
        HelpPanel(template="curriculum/studio_picture.html"),
        FieldPanel("title", required_on_save=True),
        FieldPanel("upload"),
        FieldPanel("alt", widget=forms.Textarea(attrs={"rows": 3}), required_on_save=True),
        MultiFieldPanel(
            [
                FieldRowPanel(
                    [FieldPanel("author", required_on_save=True), FieldPanel("licence", required_on_save=True)]
                ),
                FieldPanel("licence_text"),
                FieldPanel("source", required_on_save=True),
                FieldPanel("checked_on", required_on_save=True),
            ],
            heading=_("Whose it is"),
        ),
    ]

    class Meta:
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        ordering = ["title", "id"]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self.slug:
            self.slug = self._free_code()
        super().save(*args, **kwargs)

    def _free_code(self) -> str:
        wanted = code_of(self.title) or "hinh"
        taken = set(Picture.objects.filter(slug__startswith=wanted).values_list("slug", flat=True))
        number, code = 2, wanted
        while code in taken:
            code, number = f"{wanted[:76]}-{number}", number + 1
        return code

    def clean(self) -> None:
        super().clean()
        for name in ("title", "alt", "author", "licence_text", "source"):
            setattr(self, name, composed(re.sub(r"\s+", " ", getattr(self, name))).strip())

    def take(self, prepared: Prepared) -> None:
        """Show these bytes from now on (keep_file keeps them)."""
        self.digest, self.content_type = prepared.digest, prepared.content_type
        self.width, self.height, self.weight = prepared.width, prepared.height, len(prepared.body)

    def as_it_goes_out(self) -> Picture:
        """The published picture; one that never was goes out with its lesson as its newest draft, so drafts of lessons show that."""
        return self if self.live or self.latest_revision_id is None else self.get_latest_revision_as_object()

    @cached_property
    def ending(self) -> str:
        return ENDINGS[self.content_type]

    def as_dict(self, alt: str = "") -> dict[str, Any]:
        """The picture as a release holds it. alt: other words for what it shows, in one lesson."""
        return {
            "slug": self.slug,
            "title": self.title,
            "alt": alt or self.alt,
            "author": self.author,
            "licence": self.licence,
            "licence_text": self.licence_text,
            "source": self.source,
            "digest": self.digest,
            "type": self.ending,
            "width": self.width,
            "height": self.height,
            "bytes": self.weight,
        }
