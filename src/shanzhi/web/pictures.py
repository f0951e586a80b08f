"""How pictures of materials are shown with what was found in them: the same for the applicant and the clerk."""

from typing import Any

from django.utils.translation import gettext as _

from shanzhi.base.identity import mask_address, mask_citizen_id, mask_name
from shanzhi.services.picture import NAMES, NUMBERS, Notice, Picture
from shanzhi.services.queries.pictures import Looked
from shanzhi.services.saying import FIELDS
from shanzhi.web.names import titled

MASKS = {
    **dict.fromkeys(NAMES, mask_name),
    **dict.fromkeys(NUMBERS, mask_citizen_id),
    "address": mask_address,
    "card_number": mask_citizen_id,
}


def looked(one: Looked, *, masked: bool = True) -> dict[str, Any]:
    """The pictures of a material: each with what was found in it and what was read; for others than the applicant
    masked."""
    return {
        "pictures": [_picture(picture, found, masked) for picture, found in one.pictures],
        "side": notice(one.side) if one.side else None,
        "waiting": one.waiting,
    }


def _picture(one: Picture, found: tuple[Notice, ...], masked: bool) -> dict[str, Any]:
    return {
        "file": one.file,
        "waiting": one.status in ("waiting", "reading"),
        "notices": [notice(each) for each in found],
        "read": [_field(key, one.sure(key), masked) for key in FIELDS if one.sure(key)],
    }


def _field(key: str, text: str, masked: bool) -> dict[str, str]:
    mask = MASKS.get(key)
    return {"title": titled(FIELDS[key]), "value": mask(text) if masked and mask else text}


def notice(one: Notice) -> dict[str, str]:
    """One thing found: its badge, what it is, how to mend it."""
    badge, word = {
        "wrong": ("bad", _("To be mended")),
        "ask": ("warn", _("Please check")),
        "look": ("plain", _("A person looks")),
        "good": ("good", _("Well readable")),
    }[one.level]
    return {
        "badge": badge,
        "word": word,
        "says": titled(one.says),
        "mend": titled(one.mend) if one.mend else "",
    }
