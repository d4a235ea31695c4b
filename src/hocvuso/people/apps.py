from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "hocvuso.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from allauth.account.signals import email_confirmed, user_logged_in

        from hocvuso.people import checks, receivers  # noqa: F401 (checks register themselves)
        from hocvuso.people.policies import Capability, require, units_with
        from hocvuso.units.public import register_guard

        user_logged_in.connect(receivers.signed_in, dispatch_uid="people.signed_in")
        email_confirmed.connect(receivers.email_confirmed, dispatch_uid="people.email_confirmed")
        register_guard(
            require=require(Capability.MANAGE_UNITS),
            roots=lambda person: units_with(person, Capability.MANAGE_UNITS),
        )
