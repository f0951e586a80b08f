"""Months as the ranking counts them: by their first day. Pure."""

from datetime import date


def first(day: date) -> date:
    return day.replace(day=1)


def before(month: date) -> date:
    """The month before."""
    return date(month.year - (month.month == 1), (month.month - 2) % 12 + 1, 1)


def after(month: date) -> date:
    return date(month.year + (month.month == 12), month.month % 12 + 1, 1)


def chosen(text: str, today: date) -> date:
    """The month that stands in an address (2026-11), or that of today; none lies ahead."""
    try:
        found = date.fromisoformat(f"{text}-01")
    except ValueError:
        return first(today)
    return found if date(2000, 1, 1) <= found <= first(today) else first(today)
