"""Words that a person must read at once (立即转人工): somebody may die, or threatens to kill.

The list is meant to find too much rather than too little: what it raises is read by a person, and no machine
answers, sends on or closes it. A sentence that only reports such words (the law against…, a film) is raised too.
"""

import re
from dataclasses import dataclass
from typing import Literal

from shanzhi.language.words import normal

Flag = Literal["self_harm", "threat", "life"]
MOST = 20_000

_SELF_HARM = (
    r"自杀|自残|自尽|轻生|寻短见|割腕|上吊|跳楼|跳河|跳江|跳桥|跳湖|喝农药|喝百草枯|服毒|吞安眠药|烧炭|自焚|了断自己|"
    r"不想活|活不下去|活着没(?:有)?(?:意思|意义)|不如死了|一死了之|死了算了|想死|去死算了|结束(?:自己的)?生命|"
    r"死给(?:你们|你|他们)看|以死(?:明志|抗争|相逼|证明)|同归于尽|遗书|唔想做人|唔想生存|唔想活|攬炒|"
    r"kill myself|suicid(?:e|al)|end my life|want to die|hurt myself"
)
_I = (
    "我",
    "我们",
    "老子",
    "俺",
)  # each written out: what begins with a character is searched for ten times as fast
_WILL_KILL = (
    r"(?:就|要|会|一定|迟早|将|准备|打算|马上)*(?:去)?"
    r"(?:杀了|杀死|砍死|砍了|弄死|捅死|打死|炸了|炸掉|炸死|烧了|烧死|毒死)"
)
_THREATS = (
    *(who + _WILL_KILL for who in _I),
    r"杀(?:他|你|你们)全家|血债血偿|玉石俱焚|鱼死网破|报复社会|拉(?:几个|人)?垫背|带(?:着)?(?:刀|汽油|炸药|炸弹)(?:去|来|到)|"
    r"放(?:了)?炸弹|装(?:了)?炸弹|后果自负.{0,6}(?:刀|血)|见血|要(?:你|他)(?:的)?命|斩死|劈死",
    *(
        who + r"(?:'ll| will| am going to|'m going to| want to)? (?:kill|stab|shoot|blow up|bomb|burn) "
        for who in ("i", "we")
    ),
)
_LIFE = (
    r"救命|快死了|没有呼吸|没呼吸|没了呼吸|昏迷不醒|大出血|被绑架|被拐|非法拘禁|"
    + "|".join(f"{who}(?:不见|失踪|走失)了?" for who in ("孩子", "小孩", "老人", "女儿", "儿子"))
    + r"|家暴|正在(?:砍人|打人|杀人|着火|起火)|call an ambulance|help me please"
)
_PATTERNS: tuple[tuple[Flag, re.Pattern[str]], ...] = (
    ("self_harm", re.compile(_SELF_HARM)),
    ("threat", re.compile("|".join(_THREATS))),
    ("life", re.compile(_LIFE)),
)


@dataclass(frozen=True, slots=True)
class Danger:
    """A flag and the words that raised it."""

    flag: Flag
    words: str


def dangers(text: str) -> list[Danger]:
    """Why a person must read this at once; empty when nothing was found."""
    return dangers_in(normal(text[:MOST]))


def dangers_in(plain: str) -> list[Danger]:
    """The same of a text that is normal already."""
    return [Danger(flag, found[0]) for flag, form in _PATTERNS if (found := form.search(plain))]
