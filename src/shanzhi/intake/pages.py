"""The addresses of this room beside the API: Open311."""

from shanzhi.intake.open311.views import urlpatterns

__all__ = ["urlpatterns"]
