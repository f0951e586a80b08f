"""Outlines keep their coordinates through files and tables; the line of a feature is known."""

import json

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from shanzhi.places.shapes import feature_lines, from_geojson, from_wkb, to_geojson, unions
from shanzhi.places.tests.tiling import town


@given(st.floats(74, 130), st.floats(4, 50), st.floats(0.001, 3))
def test_coordinates_stay_exactly_as_they_were(lon: float, lat: float, width: float) -> None:
    ring = [[lon, lat], [lon + width, lat], [lon + width, lat + width], [lon, lat]]
    geometry = {"type": "Polygon", "coordinates": [ring]}
    shape = from_geojson(geometry)
    assert to_geojson([shape]) == [geometry]
    assert to_geojson(from_wkb([shapely.to_wkb(shape)])) == [geometry]


@pytest.mark.parametrize("indent", [None, 0, 2])
def test_the_line_of_each_feature_is_found_however_the_file_is_laid_out(indent: int | None) -> None:
    features = [{"type": "Feature", "id": i, "properties": {"features": "[{"}} for i in range(5)]
    collection = {"type": "FeatureCollection", "bbox": [1, 2, 3, 4], "features": features, "after": 1}
    text = json.dumps(collection, indent=indent)
    lines = feature_lines(text)
    assert len(lines) == 5
    if indent is not None:
        opening = [i for i, line in enumerate(text.splitlines(), 1) if line.strip() == "{"]
        assert lines == opening[1:]


def test_no_features_have_no_lines() -> None:
    assert feature_lines('{"features" : [ ] }') == []


def test_the_union_of_grids_that_do_not_meet_exactly_is_taken_all_the_same() -> None:
    grids = {"510107001001001": shapely.box(0, 0, 1, 1), "510107001001002": shapely.box(0.5, 0, 2, 1)}
    assert unions(grids, [12])["510107001001"].equals(shapely.box(0, 0, 2, 1))


def test_unions_by_code() -> None:
    codes, polygons = town(4, 4)
    whole = unions(dict(zip(codes, polygons, strict=True)), [6, 15])
    assert set(whole) == {"510107", *codes}
    assert whole["510107"].equals(shapely.union_all(np.array(polygons)))
