"""What decisions and documents say, in Chinese: they are legal texts and data, not words of a page. Pure."""

from decimal import Decimal
from typing import Any

from shanzhi.rules.evaluate import Answer
from shanzhi.services.item import Item


def outputs(answer: Answer) -> dict[str, Any]:
    """What a rule gave besides yes, as JSON keeps it."""
    return {
        name: str(value) if isinstance(value, Decimal) else value for name, value in answer.outputs.items()
    }


def granted(item: Item, answer: Answer | None) -> str:
    """准予……: the sentence of the decision, with the amount where the rule names one and its reasons."""
    words = f"准予：{item.name.zh}。"
    if answer is None:
        return words
    amount = answer.outputs.get("amount")
    if amount is not None:
        words += f"标准：每月{amount}元。"
    if answer.reasons:
        words += "理由：" + "；".join(reason.zh for reason in answer.reasons) + "。"
    return words
