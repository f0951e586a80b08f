from django.apps import AppConfig


class Admin(AppConfig):
    """The door of those who run the installation."""

    name = "shanzhi.admin"
    label = "administration"
