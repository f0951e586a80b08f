"""Addresses of the screen: of the figures, and of what other installed capabilities show on it."""

from shanzhi.web.rooms import brought

urlpatterns = brought(
    {
        "shanzhi.screen.figures": ("insight",),
        "shanzhi.screen.hotpages": ("insight", "topics"),
        "shanzhi.screen.rankpages": ("insight", "hotline"),
    }
)
