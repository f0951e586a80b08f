"""What services and subscriptions bring to "My matters", where they are installed (`SHANZHI_MODULES`)."""

from typing import Any
from uuid import UUID

from django.urls import reverse

from shanzhi.orgs.actor import Actor
from shanzhi.web.names import language
from shanzhi.web.rooms import installed


def services(actor: Actor) -> dict[str, Any]:
    """Forms that were begun, and whether somebody wants letters of policies; nothing where no services are."""
    if not installed("services"):
        return {}
    from shanzhi.services.actions import drafting
    from shanzhi.services.queries.policies import wants_letters

    drafts = [
        {"pk": one.pk, "saved_at": one.saved_at, "name": drafting.title(one)}
        for one in drafting.open_of(actor)
    ]
    return {"services": True, "drafts": drafts, "wants_letters": wants_letters(actor)}


def letters(actor: Actor, *, wanted: bool) -> None:
    """Whether somebody wants to be written to when a policy is meant for him."""
    if installed("services"):
        from shanzhi.services.actions.policies import letters as chosen

        chosen(actor, wanted=wanted)


def is_application(case: UUID) -> bool:
    """Whether a case is an application for a service, which has a page of its own."""
    if not installed("services"):
        return False
    from shanzhi.services.queries import applications

    return applications.is_one(case)


def followed(actor: Actor) -> dict[str, Any]:
    """The places that somebody follows; nothing where nobody can."""
    if not installed("subscriptions"):
        return {}
    from shanzhi.portal.subscribing import followed as places

    return {"follows": True, "followed": places(actor)}


def thing(data: dict[str, Any]) -> str:
    """What a notice of a place is about, in words."""
    if not installed("subscriptions"):
        return str(data.get("number", ""))
    from shanzhi.subscriptions.telling import thing as happened

    return happened(data, language())


def found_service(kind: str, data: dict[str, Any]) -> str:
    """Where a notice leads that a policy is meant for somebody; empty for other notices."""
    if not installed("services"):
        return ""
    from shanzhi.services.actions.policies import KIND

    return f"{reverse('service', args=[data['item']])}?policy={data['policy']}" if kind == KIND else ""
