from django.apps import AppConfig

from shanzhi.cases import agreeing


class Dispatch(AppConfig):
    """Who goes where next (智能派遣): travel times, minute-by-minute assignment, planned rounds, in words."""

    name = "shanzhi.dispatch"
    label = "dispatch"

    def ready(self) -> None:
        """What a form says of a time agreed is checked by who knows the shifts; clocks rest until then."""
        from shanzhi.dispatch.actions.appointments import check, rest

        if check not in agreeing.CHECKS:
            agreeing.CHECKS.append(check)
        if rest not in agreeing.RESTS:
            agreeing.RESTS.append(rest)
