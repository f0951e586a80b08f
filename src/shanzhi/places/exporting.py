"""What is in force as the files of a pack: after grids were redrawn here, they are laid into the pack again."""

import csv
import io
import json
from datetime import datetime
from typing import Any

from shanzhi.places.pack import Areas, Facilities, FacilitySchema


def grids(at: datetime) -> str:
    """`grids.geojson`: one feature a line, with the time up to which it knows of redrawings."""
    features = [
        {"type": "Feature", "properties": _properties(code, row), "geometry": row["geometry"]}
        for code, row in Areas().current().items()
        if row["level"] == "grid" and "geometry" in row
    ]
    generated = any("generated" in one["properties"] for one in features)
    head = {"type": "FeatureCollection", "as_of": at.isoformat()} | ({"generated": True} if generated else {})
    lines = ",\n".join(json.dumps(one, ensure_ascii=False, separators=(",", ":")) for one in features)
    return f'{json.dumps(head, ensure_ascii=False)[:-1]}, "features":[\n{lines}\n]}}\n'


def _properties(code: str, row: dict[str, Any]) -> dict[str, Any]:
    names = ("name_en", "generated")
    return {"code": code, "name": row["name"]} | {name: row[name] for name in names if row[name]}


def facilities() -> str:
    """`facilities.csv`: each with the grid that is around it now."""
    text = io.StringIO()
    writer = csv.DictWriter(text, [*FacilitySchema.model_fields], lineterminator="\n")
    writer.writeheader()
    for key, row in Facilities().current().items():
        writer.writerow({"key": key, **row, "generated": "true" if row["generated"] else "false"})
    return text.getvalue()
