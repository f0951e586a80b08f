"""What a district decides about its grids (grids.yaml of a pack): how large, how often walked. Pure."""

from pydantic import BaseModel, ConfigDict, Field, model_validator


class Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Range(Model):
    """From so many to so many."""

    least: int = Field(ge=0)
    most: int = Field(ge=1)

    @model_validator(mode="after")
    def _in_order(self) -> "Range":
        if self.most < self.least:
            raise ValueError("a range goes from the lesser to the greater number")
        return self


class Guideline(Model):
    """How large a grid should be (划分标准), and what says so."""

    households: Range = Range(least=300, most=500)
    people_most: int = Field(default=1500, ge=1)
    hectares_most: int = Field(default=100, ge=1)
    source: str = ""
    sample: bool = False


class Setting(Model):
    """`walked_within`: after so many days without a patrol a grid is on the list."""

    guideline: Guideline = Guideline()
    walked_within: int = Field(default=7, ge=1, le=366)


def too_large(known: dict[str, int], hectares: float, line: Guideline) -> list[str]:
    """In what a grid is beyond the guideline: `households`, `people`, `hectares`; what is not known is not beyond."""
    limits = {"households": line.households.most, "people": line.people_most, "hectares": line.hectares_most}
    given: dict[str, float] = {**known, "hectares": hectares}
    return [name for name, most in limits.items() if given.get(name, 0) > most]
