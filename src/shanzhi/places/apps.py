from django.apps import AppConfig


class Places(AppConfig):
    """The area tree, and which grid a point is in."""

    name = "shanzhi.places"
    label = "places"
