"""Who is meant in a note: `@zhaochuzhi` is the colleague with this account name (提及). Pure."""

import re
from collections.abc import Iterator

# An account name after an @ that does not end a word: an e-mail address mentions nobody.
MENTION = re.compile(r"(?<![A-Za-z0-9_.@-])@([A-Za-z0-9](?:[A-Za-z0-9._-]{0,62}[A-Za-z0-9])?)")
MOST = 10


def named(text: str) -> list[str]:
    """The account names in a text, each once, at most ten; they may be nobody's."""
    return list(dict.fromkeys(found[1].lower() for found in MENTION.finditer(text)))[:MOST]


def parts(text: str) -> Iterator[tuple[str, str]]:
    """The text in pieces, each with the account name that it is, or with none."""
    at = 0
    for found in MENTION.finditer(text):
        if found.start() > at:
            yield text[at : found.start()], ""
        yield found[0], found[1].lower()
        at = found.end()
    if at < len(text):
        yield text[at:], ""
