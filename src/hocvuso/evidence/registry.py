"""Which kinds of evidence there are and which milestones they reach. Higher rooms register theirs at start-up."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise

from hocvuso.evidence.choices import EvidenceKind, Milestone


@dataclass(frozen=True)
class KindDefinition:
    """`milestones`: codes that the first unrevoked entry of this kind reaches, if its assurance is at least `assurance`."""

    code: str
    label: str | Promise
    milestones: tuple[str, ...] = ()
    assurance: int = 0


_kinds: dict[str, KindDefinition] = {}


def register_kind(definition: KindDefinition) -> None:
    """Make a kind of evidence known. Registering the same definition twice is fine, another under its code is not."""
    known = _kinds.setdefault(definition.code, definition)
    if known != definition:
        raise ValueError(f"evidence kind {definition.code} is registered already")


def kind_definition(code: str) -> KindDefinition | None:
    return _kinds.get(code)


def milestone_kinds() -> dict[str, KindDefinition]:
    return dict(_kinds)


_SPINE = {
    EvidenceKind.LESSON_COMPLETED: (Milestone.STARTED,),
    EvidenceKind.PRACTICE_PASSED: (Milestone.STARTED, Milestone.PRACTISED),
    EvidenceKind.SERVICE_USED: (Milestone.STARTED, Milestone.USED),
    EvidenceKind.PATH_COMPLETED: (Milestone.STARTED, Milestone.LEARNED),
    EvidenceKind.ASSESSMENT_PASSED: (Milestone.STARTED, Milestone.PASSED),
    EvidenceKind.CERTIFICATE_ISSUED: (),
    EvidenceKind.CONFIRMED: (Milestone.CONFIRMED,),
    EvidenceKind.VNEID_ACCEPTED: (Milestone.ON_VNEID,),
    EvidenceKind.REVOCATION: (),
}
for _kind, _milestones in _SPINE.items():
    register_kind(KindDefinition(_kind.value, _kind.label, tuple(milestone.value for milestone in _milestones)))
