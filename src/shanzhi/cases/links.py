"""Secret links: how somebody without an account follows his case and talks back.

The secret is computed from the installation's own secret, so that nothing is kept that could be stolen from
the tables, and a repeated request is answered with the same link.
"""

import hmac
from base64 import urlsafe_b64encode
from functools import lru_cache
from uuid import UUID

from django.conf import settings

from shanzhi.base.crypto import hmac_sm3
from shanzhi.base.errors import NotFound
from shanzhi.cases.who import link_holder
from shanzhi.orgs.actor import Actor


def secret(case: UUID, reporter: str = "r1") -> str:
    """The secret of one reporter of one case: 144 bits, safe in an address."""
    return urlsafe_b64encode(hmac_sm3(_key(), case.bytes + reporter.encode())[:18]).decode()


def path(case: UUID, reporter: str = "r1") -> str:
    """The address of the tracking page with the secret in it."""
    return f"/track/{case}/{reporter}/{secret(case, reporter)}"


def holder(case: UUID, reporter: str, given: str) -> Actor:
    """Whoever came with a link; raises NotFound when its secret is wrong."""
    if not hmac.compare_digest(secret(case, reporter).encode(), given.encode()):
        raise NotFound()
    return link_holder(case, reporter)


@lru_cache(maxsize=1)
def _key() -> bytes:
    return str(settings.HOME.secret("links")).encode()
