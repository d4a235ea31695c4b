"""Writes of the curriculum: releases made and withdrawn, and the studio put in order."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import Group as AccountGroup
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils.translation import gettext
from wagtail.models import (
    GroupPagePermission,
    Locale,
    Page,
    Site,
    Workflow,
    WorkflowContentType,
    WorkflowPage,
    WorkflowTask,
)

from hocvuso.curriculum import practice as engine
from hocvuso.curriculum import rules
from hocvuso.curriculum.choices import Box, ReleaseKind
from hocvuso.curriculum.content import lesson_content, path_content, pictures_named, translated_practices
from hocvuso.curriculum.models import (
    CurriculumIndexPage,
    LessonPage,
    MeetingPack,
    Path,
    Picture,
    Practice,
    Question,
    Release,
    SecondReaderTask,
)
from hocvuso.curriculum.signals import LessonPublished, lesson_published
from hocvuso.people.public import PUBLISHERS, REVIEWERS, authors_group, studio_group


@transaction.atomic
def make_release(*, kind: ReleaseKind, slug: str, body: bytes, at: datetime) -> tuple[Release, bool]:
    """Make these bytes the current release of a slug; tell whether anything changed.

    The same bytes give the same release: an older one becomes current again, the current one stays as it is.
    """
    packed = rules.pack(body)
    release = Release.objects.filter(digest=packed.digest).first()
    if release is not None and release.is_current:
        return release, False
    Release.objects.filter(kind=kind, slug=slug, is_current=True).update(is_current=False)
    if release is not None:
        Release.objects.filter(digest=release.digest).update(is_current=True)
        release.is_current = True
        return release, True
    release = Release(
        digest=packed.digest,
        kind=kind,
        slug=slug,
        body=packed.body,
        body_br=packed.br,
        body_gz=packed.gz,
        created_at=at,
        is_current=True,
    )
    release.save()
    return release, True


def release_practice(*, practice: Practice, at: datetime) -> tuple[Release, bool]:
    """Make the release of a published practice."""
    return make_release(
        kind=ReleaseKind.PRACTICE, slug=practice.slug, body=engine.canonical(practice.definition), at=at
    )


@transaction.atomic
def release_lesson(*, page: LessonPage, at: datetime) -> tuple[Release, bool]:
    """Make the release of a published lesson and of its practices; send lesson_published after commit if it is new.

    Practices and quick questions of the lesson that were never published are published with it.
    """
    for place in page.lesson_practices.all():
        _publish_with_lesson(place.practice)
    for question_place in page.lesson_questions.all():
        _publish_with_lesson(question_place.question)
    for picture in _pictures_of(page):
        _publish_with_lesson(picture)
    page = LessonPage.objects.get(pk=page.pk)
    for place in page.lesson_practices.select_related("practice"):
        release_practice(practice=place.practice, at=at)
    for words in page.translations.values():
        for slug, definition in translated_practices(words):
            _keep_release(kind=ReleaseKind.PRACTICE, slug=slug, body=engine.canonical(definition), at=at)
    release, changed = make_release(
        kind=ReleaseKind.LESSON, slug=page.slug, body=rules.canonical(lesson_content(page)), at=at
    )
    if changed:
        told = LessonPublished(slug=page.slug, digest=release.digest)
        transaction.on_commit(lambda: lesson_published.send(sender=Release, lesson=told))
    return release, changed


def _keep_release(*, kind: ReleaseKind, slug: str, body: bytes, at: datetime) -> None:
    """Keep bytes readable by digest beside the current release: the same practice in another language."""
    packed = rules.pack(body)
    if not Release.objects.filter(digest=packed.digest).exists():
        Release(
            digest=packed.digest,
            kind=kind,
            slug=slug,
            body=packed.body,
            body_br=packed.br,
            body_gz=packed.gz,
            created_at=at,
            is_current=False,
        ).save()


def _pictures_of(page: LessonPage) -> list[Picture]:
    chosen = [block.value.get("picture") for block in page.understand if block.block_type == Box.PICTURE]
    named = pictures_named(page)
    return [
        *(picture for picture in chosen if picture is not None),
        *(Picture.objects.filter(slug__in=named) if named else ()),
    ]


def _publish_with_lesson(part: Practice | Question | Picture) -> None:
    if part.live:
        return
    revision = part.latest_revision or part.save_revision()
    revision.publish()


def release_lessons_with(part: Practice | Question, *, at: datetime) -> None:
    """Make new releases of the published lessons that hold this practice or question."""
    for page in LessonPage.objects.live().filter(pk__in=part.lesson_places.values("page_id")):
        release_lesson(page=page, at=at)


def release_lessons_showing(picture: Picture, *, at: datetime) -> None:
    """Make new releases of the published lessons that show this picture; what was published before keeps its own."""
    found = []
    for page in LessonPage.objects.live().only("pk", "understand", "translations").iterator(chunk_size=100):
        chosen = {
            block["value"].get("picture") for block in page.understand.raw_data if block["type"] == Box.PICTURE.value
        }
        if picture.pk in chosen or picture.slug in pictures_named(page):
            found.append(page.pk)
    for page in LessonPage.objects.filter(pk__in=found):
        release_lesson(page=page, at=at)


def release_path(*, path: Path, at: datetime) -> tuple[Release, bool]:
    """Make the release of a published path."""
    return make_release(kind=ReleaseKind.PATH, slug=path.slug, body=rules.canonical(path_content(path)), at=at)


def release_meeting(*, pack: MeetingPack, at: datetime) -> tuple[Release, bool]:
    """Make the release of a published meeting pack."""
    return make_release(kind=ReleaseKind.MEETING, slug=pack.slug, body=rules.canonical(pack.as_dict()), at=at)


def withdraw(*, kind: ReleaseKind, slug: str) -> None:
    """No release of this slug is current any more; all stay readable by digest."""
    Release.objects.filter(kind=kind, slug=slug, is_current=True).update(is_current=False)


@transaction.atomic
def prepare_studio() -> CurriculumIndexPage:
    """Make what the studio stands on, once: the root of courses, the groups and the workflow: review, then publication."""
    index = CurriculumIndexPage.objects.first()
    if index is None:
        index = _root().add_child(instance=CurriculumIndexPage(title=gettext("Lessons"), slug="bai", live=True))
        # Wagtail's own first page greets developers; nobody here needs it.
        site = Site.objects.filter(is_default_site=True).first()
        welcome = Page.objects.filter(depth=2, slug="home", numchild=0).first()
        if site is None:
            Site.objects.create(hostname="localhost", root_page=index, is_default_site=True, site_name="Học Vụ Số")
        else:
            site.root_page, site.site_name = index.page_ptr, "Học Vụ Số"
            site.save()
        if welcome is not None:
            welcome.delete()
    _authors_group(index)
    _second_reader(index, _readers_group(REVIEWERS), _readers_group(PUBLISHERS))
    return index


def _root() -> Page:
    """The root of all pages; a database emptied by `flush` has lost the one that Wagtail's migrations made."""
    root = Page.get_first_root_node()
    if root is None:
        locale, _made = Locale.objects.get_or_create(language_code=settings.LANGUAGE_CODE)
        root = Page.add_root(instance=Page(title="Root", slug="root", locale=locale))
    return root


def _authors_group(index: CurriculumIndexPage) -> AccountGroup:
    # People enter this group by their mandate, never by hand.
    group = authors_group()
    wanted = Permission.objects.filter(content_type__app_label="wagtailadmin", codename="access_admin") | (
        Permission.objects.filter(
            content_type__app_label="curriculum",
            codename__in=[
                *(
                    f"{verb}_{model}"
                    for verb in ("add", "change")
                    for model in ("practice", "question", "path", "meetingpack", "externalcourse", "picture")
                ),
                "view_framework",
                "view_skill",
            ],
        )
    )
    group.permissions.add(*wanted)
    for codename in ("add_page", "change_page"):
        permission = Permission.objects.get(content_type__app_label="wagtailcore", codename=codename)
        GroupPagePermission.objects.get_or_create(group=group, page=index.page_ptr, permission=permission)
    return group


def _readers_group(name: str) -> AccountGroup:
    # They see everything; the workflow opens to them what waits for them, and nothing else.
    group = studio_group(name)
    group.permissions.add(
        *Permission.objects.filter(content_type__app_label="wagtailadmin", codename="access_admin"),
        *Permission.objects.filter(
            content_type__app_label="curriculum",
            codename__in=[
                *(
                    f"view_{model}"
                    for model in ("practice", "question", "path", "meetingpack", "externalcourse", "framework", "skill")
                ),
                # A picture that is missing is brought by whoever notices; it is read by somebody else as everything is.
                "add_picture",
                "change_picture",
            ],
        ),
    )
    return group


def _second_reader(index: CurriculumIndexPage, reviewers: AccountGroup, publishers: AccountGroup) -> None:
    workflow = _workflow(index, reviewers, publishers)
    for model in (Practice, Question, Path, MeetingPack, Picture):
        WorkflowContentType.objects.update_or_create(
            content_type=ContentType.objects.get_for_model(model), defaults={"workflow": workflow}
        )


def _workflow(index: CurriculumIndexPage, reviewers: AccountGroup, publishers: AccountGroup) -> Workflow:
    ours = ContentType.objects.get_for_model(SecondReaderTask)
    workflow = Workflow.objects.filter(workflow_tasks__task__content_type=ours).first()
    steps = ((gettext("A reviewer reads and approves"), reviewers), (gettext("A publisher publishes"), publishers))
    if workflow is None:
        workflow = Workflow.objects.create(name=gettext("Review, then publication"))
    # An installation from before the reviewers has one step, done by authors: it becomes the first of the two.
    tasks = {place.sort_order: place.task for place in workflow.workflow_tasks.select_related("task")}
    for order, (name, group) in enumerate(steps):
        if order not in tasks:
            task = SecondReaderTask.objects.create(name=name)
            WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=order)
        else:
            task = tasks[order].specific
            task.name = name
            task.save(update_fields=["name"])
        task.groups.set([group])
    # Wagtail's own example workflow would stand beside ours.
    Workflow.objects.exclude(pk=workflow.pk).filter(active=True).update(active=False)
    WorkflowPage.objects.update_or_create(page=index.page_ptr, defaults={"workflow": workflow})
    WorkflowPage.objects.exclude(page=index.page_ptr).delete()
    return workflow
