from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

OUTSIDE_RESULT = "OUTSIDE_RESULT"


class CredentialsConfig(AppConfig):
    name = "hocvuso.credentials"
    label = "credentials"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from hocvuso.assessment.signals import on_cleared, on_found, on_graded
        from hocvuso.credentials.queries import exported, exported_outside
        from hocvuso.credentials.receivers import follow_home, issue_when_passed
        from hocvuso.credentials.services import forget_person, queue_recalls
        from hocvuso.evidence.public import KindDefinition, register_kind
        from hocvuso.people.public import on_erase, on_export
        from hocvuso.people.signals import home_changed

        on_erase(forget_person)
        on_export("credentials", exported)
        on_export("outside_results", exported_outside)
        # Reaches no milestone: what other platforms say is shown apart.
        register_kind(KindDefinition(OUTSIDE_RESULT, _("Result of another platform")))
        on_graded(issue_when_passed)
        on_cleared(issue_when_passed)
        on_found(queue_recalls)
        home_changed.connect(follow_home, dispatch_uid="credentials.follow_home")
