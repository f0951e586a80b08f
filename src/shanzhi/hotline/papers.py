"""The monthly report as documents: PDF set by Typst, DOCX for those who go on writing; both say the same."""

from typing import Any

from django.utils.translation import gettext as _

from shanzhi.hotline import drawing

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def words() -> dict[str, str]:
    """The headings, in the language in force."""
    return {
        "overview": _("Overview"), "made": _("Made"), "score": _("Score"), "before": _("Month before"),
        "consultations": _("Answered at once"), "asked": _("Asked most"),
        "days": _("Reported by day"), "categories": _("What it was about"), "place": _("Rank"), "who": _("Who"),
        "response": _("Response rate"), "resolution": _("Solution rate"), "satisfaction": _("Satisfaction rate"),
        "excluded": _("Left out"), "excluded-title": _("Left out of the ranking"), "rank": _("place"),
        "ground": _("Ground"),
        "none-excluded": _("No case was left out."), "worst": _("The three worst cases"),
        "best": _("The three best cases"), "nothing": _("There is none."), "late": _("late"),
        "reworks": _("done again:"), "reported": _("Reported"), "result": _("Result"),
        "said": _("The reporter says"), "contacted": _("contacted"), "solved": _("solved"),
        "satisfied": _("satisfied"), "how": _("How it is counted"), "source": _("Source:"),
        "sample": _("The formula, weights and limits are samples for a demonstration; the cases are generated."),
    }  # fmt: skip


def dressed(report: dict[str, Any], language: str) -> dict[str, Any]:
    """The report with its headings, its title and its summary in words."""
    said = words()
    said["minimum"] = _("A place needs %(n)s answers to each of the three questions.") % {
        "n": report["formula"]["minimum"]
    }
    return (
        {"consultations": None}
        | report
        | {
            "lang": language,
            "title": _("Monthly report on complaints"),
            "words": said,
            "summary": summary(report),
        }
    )


def summary(report: dict[str, Any]) -> str:
    """The first paragraph: how many came, how many count, the score beside the month before."""
    whole, parts = report["whole"], []
    parts.append(_("%(n)s complaints came in.") % {"n": report["opened"]})
    if report["opened_before"]:
        change = report["opened"] / report["opened_before"] - 1
        parts.append(_("That is %(by)s against the month before.") % {"by": f"{change:+.1%}"})
    parts.append(
        _("%(n)s closed cases count; %(out)s were left out after review, %(wait)s wait for it.")
        % {"n": whole["cases"], "out": whole["excluded"], "wait": whole["pending"]}
    )
    parts += _answered(report.get("consultations"))
    if whole["score"] is not None:
        parts.append(_("The district's score is %(score)s.") % {"score": f"{whole['score']:.2f}"})
    return " ".join(parts)


def _answered(found: dict[str, Any] | None) -> list[str]:
    """The sentence on calls that needed no case; reports that were kept earlier do not know of them."""
    if not found or not found["n"]:
        return []
    said = _("%(n)s of %(calls)s calls were consultations, answered at once.") % found
    if found["before"] is None:
        return [said]
    return [said, _("In the month before there were %(n)s.") % {"n": found["before"]}]


def pdf(report: dict[str, Any], language: str = "zh") -> bytes:
    """The PDF. Chinese needs a Chinese font on the machine (Debian: fonts-noto-cjk)."""
    return drawing.typeset(dressed(report, language), "pdf")


def docx(report: dict[str, Any], language: str = "zh") -> bytes:
    """The same as a document for Word and WPS."""
    from shanzhi.hotline import letters  # a fifth of a second for a paper of each month

    return letters.written(dressed(report, language))
