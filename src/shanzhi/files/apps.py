from django.apps import AppConfig


class Files(AppConfig):
    """Attachments: checked by content, kept by hash, served safely."""

    name = "shanzhi.files"
    label = "files"
