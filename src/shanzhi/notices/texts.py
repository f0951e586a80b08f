"""What a notice says: a subject and a text in both languages, with places for facts. Pure.

A template is plain text with places such as `{number}`, `{title}`, `{what}` and `{link}`; nothing else is
replaced and nothing is evaluated, so that a pack can say what it likes and do no harm.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

PLACES = (
    "number", "title", "what", "link", "reason", "org", "due", "place", "news", "count", "code", "leave",
)  # fmt: skip
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
# Kinds that say more than what, which and where.
MORE: Mapping[str, Text] = {
    "reporter.refused": {
        "zh": {
            "text": "{what}\n{number} {title}\n{reason}\n{link}",
            "sms": "{what}：{title}（{number}）。原因：{reason}。{link}",
        },
        "en": {
            "text": "{what}\n{number} {title}\n{reason}\n{link}",
            "sms": "{what}: {title} ({number}). {reason} {link}",
        },
    },
    "reporter.returned": {
        "zh": {"sms": "{what}：{title}（{number}）。原因：{reason}。现由{org}处理。{link}"},
        "en": {"sms": "{what}: {title} ({number}). {reason} Now with {org}. {link}"},
    },
    "reporter.extended": {
        "zh": {"sms": "{what}：{title}（{number}），新的承诺时间 {due}。{link}"},
        "en": {"sms": "{what}: {title} ({number}), now promised by {due}. {link}"},
    },
    "place.confirm": {
        "zh": {
            "subject": "【善治】请确认订阅：{place}",
            "text": "有人用这个地址订阅了“{place}”的消息。\n确认码：{code}\n或打开链接确认：{link}\n"
            "不是您本人，请不必理会。",
            "sms": "订阅“{place}”的确认码 {code}。不是您本人操作请忽略。",
        },
        "en": {
            "subject": "[Shanzhi] Please confirm: {place}",
            "text": "Somebody asked for news from {place} for this address.\nCode: {code}\nOr confirm here: {link}\n"
            "If it was not you, do nothing.",
            "sms": "Your code to follow {place}: {code}. If it was not you, do nothing.",
        },
    },
    "account.confirm": {
        "zh": {
            "subject": "【善治】请确认您的地址",
            "text": "有人把这个地址填为接收通知的地址。\n确认码：{code}\n不是您本人，请不必理会。",
            "sms": "接收通知的确认码 {code}。不是您本人操作请忽略。",
        },
        "en": {
            "subject": "[Shanzhi] Is this your address?",
            "text": "Somebody wants to be told at this address.\nCode: {code}\nIf it was not you, do nothing.",
            "sms": "Your code to be told here: {code}. If it was not you, do nothing.",
        },
    },
    "place.news": {
        "zh": {
            "subject": "【善治】{place}：{count} 条新消息",
            "text": "{place}\n\n{news}\n\n退订：{leave}",
            "sms": "{place}有 {count} 条新消息：{link} 退订：{leave}",
        },
        "en": {
            "subject": "[Shanzhi] {place}: {count} news",
            "text": "{place}\n\n{news}\n\nStop these messages: {leave}",
            "sms": "{place}: {count} news: {link} Stop: {leave}",
        },
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


def written(template: Text | None, language: str, facts: Mapping[str, str], kind: str = "") -> Written:
    """In the language asked for; what the template leaves out is said as usual. Subjects are one line."""
    own, usual = (
        (template or {}).get(language, {}),
        {**USUAL[language], **MORE.get(kind, {}).get(language, {})},
    )
    parts = {name: filled(own.get(name) or usual[name], facts) for name in ("subject", "text", "sms")}
    return Written(_line(parts["subject"])[:200], parts["text"], _line(parts["sms"])[:500])


def _line(text: str) -> str:
    return " ".join(text.split())
