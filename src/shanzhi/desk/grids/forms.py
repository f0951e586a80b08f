"""The forms of a redrawing, one for each step: without a map they say the same as with one."""

import re
from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shanzhi.base.errors import Invalid
from shanzhi.grids import importing
from shanzhi.grids.steps import Plan, points
from shanzhi.places import queries as places
from shanzhi.places import redrawing
from shanzhi.web.forms import Sent
from shanzhi.web.problems import said

MOST_SENT = 5 * 1024 * 1024
LINE_HELP = gettext_lazy("A point on each line: longitude, latitude. Or draw it on the map.")


class StepForm(Sent):
    """What all steps share: the version of the draft that somebody has seen."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, plan: Plan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.plan = plan
        grids = [(code, f"{name} ({code[12:]})") for code, name in sorted(plan.names.items())]
        for name in ("grid", "to", "keep", "grids"):
            if name in self.fields:
                first = [] if name == "grids" else [("", "—")]
                cast(Any, self.fields[name]).choices = [*first, *grids]
        if "road" in self.fields:
            known = [(name, name) for name, found in places.roads(plan.community).items() if len(found) > 1]
            cast(Any, self.fields["road"]).choices = [("", "—"), *known]

    def step(self) -> dict[str, Any]:
        """The step as the draft keeps it."""
        given = {k: v for k, v in self.cleaned_data.items() if k not in ("key", "seen", "road") and v}
        return {"do": self.do, **given}

    do = ""


def _line(text: str) -> list[list[float]]:
    pairs = [re.split(r"[\s,，;]+", one.strip()) for one in text.splitlines() if one.strip()]
    try:
        return [[*one] for one in points(pairs)]
    except Invalid as error:
        raise forms.ValidationError(said(error.message, error.facts)) from error


class LineForm(StepForm):
    """A step along a line: by its points, or by a road that has a name."""

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        road, grid = given.get("road"), given.get("grid")
        if road and grid:
            try:
                known = places.roads(self.plan.community)[road]
                given["line"] = [[*one] for one in redrawing.road(known, self.plan.shapes[grid])]
            except Invalid as error:
                self.add_error("road", said(error.message, error.facts))
        elif not given.get("line") and "line" not in self.errors:
            self.add_error("line", _("Draw a line, or choose a road"))
        return given

    def clean_line(self) -> list[list[float]]:
        return _line(self.cleaned_data["line"])


def _grid(label: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label)


def _points(label: Any, *, required: bool = False) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": 3, "class": "code", "spellcheck": "false"})
    return forms.CharField(
        label=label, required=required, widget=area, help_text=LINE_HELP, max_length=100_000
    )


def _named() -> forms.CharField:
    return forms.CharField(label=gettext_lazy("Name of the new grid"), max_length=100)


def _road() -> forms.ChoiceField:
    return forms.ChoiceField(label=gettext_lazy("Or along a road"), required=False)


class Split(LineForm):
    do = "split"
    grid = _grid(gettext_lazy("Grid to split"))
    line = _points(gettext_lazy("Along the line"))
    road = _road()
    name = _named()


class Reassign(LineForm):
    do = "reassign"
    grid = _grid(gettext_lazy("From"))
    to = _grid(gettext_lazy("To its neighbour"))
    line = _points(gettext_lazy("Along the line"))
    road = _road()


class Merge(StepForm):
    do = "merge"
    grids = forms.MultipleChoiceField(
        label=gettext_lazy("Grids that become one"), widget=forms.CheckboxSelectMultiple
    )
    keep = _grid(gettext_lazy("Which one stays"))

    def step(self) -> dict[str, Any]:
        return {"do": self.do, "grids": [*self.cleaned_data["grids"]], "keep": self.cleaned_data["keep"]}


class Close(StepForm):
    do = "close"
    grid = _grid(gettext_lazy("Grid to close"))
    to = _grid(gettext_lazy("Who gets its ground"))


class Rename(StepForm):
    do = "rename"
    grid = _grid(gettext_lazy("Grid"))
    name = forms.CharField(label=gettext_lazy("New name"), max_length=100)


class Draw(StepForm):
    do = "draw"
    ring = _points(gettext_lazy("Corners of the outline"), required=True)
    name = _named()

    def clean_ring(self) -> list[list[float]]:
        return _line(self.cleaned_data["ring"])


class Move(StepForm):
    do = "move"
    at = forms.CharField(
        label=gettext_lazy("Corner"), max_length=60, help_text=gettext_lazy("Longitude, latitude")
    )
    to = forms.CharField(label=gettext_lazy("Its new place"), max_length=60)

    def step(self) -> dict[str, Any]:
        return {"do": self.do, "at": self.cleaned_data["at"], "to": self.cleaned_data["to"]}

    def clean_at(self) -> list[float]:
        return _point(self.cleaned_data["at"])

    def clean_to(self) -> list[float]:
        return _point(self.cleaned_data["to"])


def _point(text: str) -> list[float]:
    found = _line(text)
    if len(found) != 1:
        raise forms.ValidationError(_("Give one point"))
    return found[0]


class Import(StepForm):
    do = "import"
    file = forms.FileField(
        label=gettext_lazy("GeoJSON file"),
        help_text=gettext_lazy("All grids of the community: all of it is taken or nothing"),
        widget=forms.FileInput(attrs={"accept": ".geojson,.json,application/geo+json"}),
    )

    def clean_file(self) -> list[dict[str, Any]]:
        file = self.cleaned_data["file"]
        if file.size > MOST_SENT:
            raise forms.ValidationError(_("At most %(n)s MB") % {"n": MOST_SENT // 1024 // 1024})
        try:
            text = file.read().decode("utf-8-sig")
        except UnicodeDecodeError:
            raise forms.ValidationError(_("The file is not written in UTF-8")) from None
        found = importing.read(text, self.plan.community)
        if found.faults:
            lines = [
                _("Line %(line)s: %(message)s") % {"line": line, "message": said(message, {})}
                for line, message in found.faults[:50]
            ]
            raise forms.ValidationError(lines)
        return found.grids

    def step(self) -> dict[str, Any]:
        return {"do": self.do, "grids": self.cleaned_data["file"]}


STEPS: dict[str, type[StepForm]] = {
    one.do: one for one in (Split, Merge, Reassign, Move, Draw, Rename, Close, Import)
}
TITLES = {
    "split": gettext_lazy("Split a grid"),
    "merge": gettext_lazy("Merge grids"),
    "reassign": gettext_lazy("Hand over a part"),
    "move": gettext_lazy("Move a corner"),
    "draw": gettext_lazy("Draw a grid"),
    "rename": gettext_lazy("Rename a grid"),
    "close": gettext_lazy("Close a grid"),
    "import": gettext_lazy("Take over a file"),
}


class ForceForm(Sent):
    """The day from which a draft is in force."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    on = forms.DateField(
        label=gettext_lazy("In force from"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy(
            "Today: at once. A later day: by itself, and until then it can be taken back."
        ),
    )
    read = forms.BooleanField(label=gettext_lazy("I have read what changes"))


class BeginForm(Sent):
    """A draft for a community."""

    community = forms.ChoiceField(label=gettext_lazy("Community"))
    title = forms.CharField(label=gettext_lazy("What is it about?"), max_length=120)
