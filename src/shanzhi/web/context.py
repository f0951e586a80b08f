"""What every page is given."""

from typing import Any

from django.http import HttpRequest

SIZES = ("normal", "large")


def page(request: HttpRequest) -> dict[str, Any]:
    """The size of letters: as chosen in this browser, else as the account says."""
    chosen = request.COOKIES.get("size")
    if chosen not in SIZES:
        user = getattr(request, "user", None)
        chosen = "large" if getattr(user, "large_text", False) else "normal"
    return {"size": chosen}
