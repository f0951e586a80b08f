"""Each capability can be left out (`SHANZHI_MODULES`): the site starts, and no page leads to one that is not there."""

import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from shanzhi.base.clock import BEIJING, now
from shanzhi.cases.tests.district import actor, brought_to, step
from shanzhi.dispatch.actions.appointments import tell_missed
from shanzhi.dispatch.running import run
from shanzhi.dispatch.tests.town import ORG, on_shift
from tests.town import follow

ROOT = Path(__file__).resolve().parents[1]


def life() -> str:
    """A case of which every room has said something: given by the dispatch, with an appointment that was missed."""
    for text in ("油烟一", "油烟二"):
        brought_to("answered", text=text, public=True)
    case = brought_to("dispatched", text="油烟扰民", public=True)
    on_shift("zhaochuzhi")
    run(ORG, now())
    day = (now().astimezone(BEIJING) + timedelta(days=3)).date()
    step(case.id, "wangdama", "appoint", fields={"visit_day": f"{day}", "visit_part": "morning"})
    tell_missed(now() + timedelta(days=4))
    follow()
    return str(case.id)


@pytest.mark.django_db(transaction=True)
def test_each_capability_can_be_left_out_and_no_page_leads_to_what_is_not_there(
    committed_district: None,
) -> None:
    case = life()
    assert actor("sunpaiqian").account
    wrong = []
    for left_out in ("", *settings.CAPABILITIES):
        rooms = [one for one in settings.CAPABILITIES if one != left_out]
        own = {"SHANZHI_MODULES": ",".join(rooms), "DJANGO_SETTINGS_MODULE": "shanzhi.settings"}
        command = [sys.executable, "-m", "tests.without", connection.settings_dict["NAME"], left_out, case]
        made = subprocess.run(
            command, env=os.environ | own, cwd=ROOT, capture_output=True, text=True, check=False
        )
        if made.returncode:
            wrong.append(f"without {left_out}: {made.stderr[-1500:]}")
            continue
        told = json.loads(made.stdout.splitlines()[-1])
        wrong += [f"without {left_out or 'nothing'}: {one}" for one in told["wrong"]]
        assert told["pages"] > 20, told
    assert wrong == []
