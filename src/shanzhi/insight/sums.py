"""Sums of the facts by day, street, organisation and type, so that a screen costs by its days, not by its cases.

Each column is one number of a figure: its part, and for a share its whole (`_of`); `closings` counts by the day of
closing. What changes a fact changes its sums in the same statement (`jobs.KEEP`); `FILL` makes all of them from the
facts. Pure: text only.
"""

from shanzhi.insight.figures import FIGURES, Figure

KEY = ("day", "street", "org", "type")


def part(figure: Figure) -> str:
    """The condition for what a figure counts."""
    return f"({figure.whole}) AND ({figure.part})" if figure.whole else figure.part


COUNTS = {
    name: condition
    for figure in FIGURES
    for name, condition in ((figure.code, part(figure)), (f"{figure.code}_of", figure.whole))
    if condition
}
COLUMNS = (*KEY, *COUNTS, "closings")


def rows(facts: str, sign: int = 1) -> str:
    """What some facts add to the sums (or take from them): a row for the day of report, one for that of closing."""
    counted = ", ".join(
        f"(({condition}) IS TRUE)::int * {sign} AS {name}" for name, condition in COUNTS.items()
    )
    nothing = ", ".join("0" for _ in COUNTS)
    rest = "left(area, 9) AS street, org, type"
    return (
        f"SELECT day, {rest}, {counted}, 0 AS closings FROM {facts} UNION ALL "
        f"SELECT closed_day, {rest}, {nothing}, {sign} FROM {facts} WHERE closed_day IS NOT NULL"
    )


def added(source: str) -> str:
    """The statement that adds rows of such a form to the sums."""
    numbers, key = (*COUNTS, "closings"), ", ".join(KEY)
    summed = ", ".join(f"sum({name})" for name in numbers)
    moved = ", ".join(f"{name} = insight_sum.{name} + excluded.{name}" for name in numbers)
    return f"""INSERT INTO insight_sum ({", ".join(COLUMNS)}) SELECT {key}, {summed} FROM {source} r GROUP BY {key}
    ORDER BY {key} ON CONFLICT ({key}) DO UPDATE SET {moved}"""


def heated(source: str) -> str:
    """The statement that adds (day, area, n) to the numbers by grid that the heat map shows."""
    return f"""INSERT INTO insight_heat (day, area, n) SELECT day, area, sum(n) FROM {source} r GROUP BY day, area
    ON CONFLICT (day, area) DO UPDATE SET n = insight_heat.n + excluded.n"""


FILL = f"TRUNCATE insight_sum; {added('(' + rows('insight_fact') + ')')}"
FILL_HEAT = f"TRUNCATE insight_heat; {heated('(SELECT day, area, 1 AS n FROM insight_fact)')}"
