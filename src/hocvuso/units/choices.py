"""Lines and kinds of units."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Line(models.TextChoices):
    """A tree that units stand in. A person counts once per line and once overall."""

    TERRITORY = "TERRITORY", _("Territory")
    STATE = "STATE", _("State bodies")
    PARTY = "PARTY", _("Party")
    FRONT = "FRONT", _("Fatherland Front")
    UNION = "UNION", _("Trade union")
    YOUTH = "YOUTH", _("Youth union")
    WOMEN = "WOMEN", _("Women's union")
    EDUCATION = "EDUCATION", _("Education")
    ENTERPRISE = "ENTERPRISE", _("Enterprises and cooperatives")


class Kind(models.TextChoices):
    """What a unit is. The first seven stand in the territory line."""

    NATION = "NATION", _("Nation")
    PROVINCE = "PROVINCE", _("Province")
    CITY = "CITY", _("Centrally-run city")
    COMMUNE = "COMMUNE", _("Commune")
    WARD = "WARD", _("Ward")
    SPECIAL_ZONE = "SPECIAL_ZONE", _("Special zone")
    NEIGHBOURHOOD = "NEIGHBOURHOOD", _("Neighbourhood")
    ORGANISATION = "ORGANISATION", _("Organisation")
    UNION_UPPER = "UNION_UPPER", _("Upper-level union")
    UNION_GRASSROOTS = "UNION_GRASSROOTS", _("Grassroots union")
    SCHOOL = "SCHOOL", _("School")
    ENTERPRISE = "ENTERPRISE", _("Enterprise")
    COOPERATIVE = "COOPERATIVE", _("Cooperative")


COMMUNE_KINDS = (Kind.COMMUNE, Kind.WARD, Kind.SPECIAL_ZONE)
