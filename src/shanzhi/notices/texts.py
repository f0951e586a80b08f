"""What a notice says: a subject and a text in both languages, with places for facts. Pure.

A template is plain text with `{number}`, `{title}`, `{what}` and `{link}`; nothing else is replaced and
nothing is evaluated, so that a pack can say what it likes and do no harm.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

PLACES = ("number", "title", "what", "link")
PLACE = re.compile(r"\{([a-z_]*)\}")
LANGUAGES = ("zh", "en")
Text = Mapping[str, Mapping[str, str]]

USUAL: Text = {
    "zh": {
        "subject": "【善治】{what}：{title}",
        "text": "{what}\n{number} {title}\n{link}",
        "sms": "{what}：{title}（{number}）{link}",
    },
    "en": {
        "subject": "[Shanzhi] {what}: {title}",
        "text": "{what}\n{number} {title}\n{link}",
        "sms": "{what}: {title} ({number}) {link}",
    },
}


@dataclass(frozen=True, slots=True)
class Written:
    """A notice ready to be sent; `sms` is one line."""

    subject: str
    text: str
    sms: str


def unknown(template: str) -> list[str]:
    """The places in a template that nothing can be put into."""
    return sorted({name for name in PLACE.findall(template) if name not in PLACES})


def filled(template: str, facts: Mapping[str, str]) -> str:
    """The template with its facts; a fact is put in as it is, whatever it holds."""
    return PLACE.sub(lambda found: str(facts.get(found[1], "")), template)


def written(template: Text | None, language: str, facts: Mapping[str, str]) -> Written:
    """In the language asked for; what the template leaves out is said as usual. Subjects are one line."""
    own, usual = (template or {}).get(language, {}), USUAL[language]
    parts = {name: filled(own.get(name) or usual[name], facts) for name in ("subject", "text", "sms")}
    return Written(_line(parts["subject"])[:200], parts["text"], _line(parts["sms"])[:500])


def _line(text: str) -> str:
    return " ".join(text.split())
