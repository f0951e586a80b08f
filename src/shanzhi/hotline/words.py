"""What the hotline calls things. Pure; every sentence is translated where it is shown."""

from shanzhi.base.errors import gettext_noop

RATES = {
    "response": gettext_noop("Response rate"),
    "resolution": gettext_noop("Solution rate"),
    "satisfaction": gettext_noop("Satisfaction rate"),
}
ASKED = {
    "response": gettext_noop("Says he was contacted, of those who answered this question"),
    "resolution": gettext_noop("Says it was solved, of those who answered this question"),
    "satisfaction": gettext_noop("Gave at least so many stars, of those who answered this question"),
}
OUTCOMES = {
    "answered": gettext_noop("Reached, and has answered"),
    "no_answer": gettext_noop("Nobody picked up"),
    "busy": gettext_noop("Busy"),
    "wrong_number": gettext_noop("The number is wrong"),
    "refused": gettext_noop("Does not want to answer"),
    "later": gettext_noop("Asks to be called later"),
}
STATUS = {
    "waiting": gettext_noop("To be called"),
    "unreachable": gettext_noop("Unreachable"),
    "done": gettext_noop("Answered"),
}
WHISTLES = {
    "law_enforcement": gettext_noop("Law enforcement"),
    "emergency": gettext_noop("Emergency"),
    "joint": gettext_noop("Joint action"),
}
CALLS = {
    "case": gettext_noop("Case opened"),
    "joined": gettext_noop("Joined a case"),
    "consultation": gettext_noop("Answered at once"),
}
