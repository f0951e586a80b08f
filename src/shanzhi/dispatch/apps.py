from django.apps import AppConfig


class Dispatch(AppConfig):
    """Who goes where next (智能派遣): travel times, minute-by-minute assignment, planned rounds, in words."""

    name = "shanzhi.dispatch"
    label = "dispatch"
