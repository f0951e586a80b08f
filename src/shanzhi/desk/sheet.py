"""Everything on a case page, gathered in seven statements."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from shanzhi.base.clock import BEIJING, now
from shanzhi.base.identity import mask_name
from shanzhi.base.ids import format_number
from shanzhi.cases import queries
from shanzhi.cases.clocks import Clock
from shanzhi.cases.queries import View
from shanzhi.cases.schemas import shown
from shanzhi.cases.tasks import of_clock
from shanzhi.cases.who import reports
from shanzhi.desk import story
from shanzhi.files import queries as files
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.queries import people_of
from shanzhi.places.queries import redrawn_since
from shanzhi.residents.queries import masked
from shanzhi.web import names
from shanzhi.web.names import Names
from shanzhi.web.rooms import installed


@dataclass
class Sheet:
    """A case as a member of staff reads it: codes and ids turned into words."""

    view: View
    actor: Actor
    known: Names
    people: dict[UUID, Any]
    staff: dict[int, str]
    contacts: list[dict[str, Any]] = field(default_factory=list)
    base: str = ""  # before the addresses of files, where they are seen through a window

    @classmethod
    def of(cls, actor: Actor, case: UUID) -> "Sheet":
        """Raises NotFound when the actor may not see it."""
        view = queries.view(actor, case)
        state = view.state
        accounts = [
            state["person"],
            *story.people(view.timeline),
            *(t.person for t in state.tasks.values()),
            *(r.account for r in state.reporters.values()),
            *(ref for r in state.requests.values() for ref in (r.asked_by, r.decided_by)),
        ]
        moves = [view.type.moves[name] for name in view.allowed]
        asks_person = any("person" in (*m.needs, *m.takes) for m in moves)
        ids = [UUID(str(r.person)) for r in state.reporters.values() if r.person]
        return cls(
            view,
            actor,
            names.names(accounts),
            masked(ids) if ids else {},
            people_of(state["org"]) if asks_person else {},
        )

    @property
    def state(self) -> Any:
        return self.view.state.columns

    @property
    def id(self) -> UUID:
        return self.view.state.id

    @property
    def seq(self) -> int:
        """How many entries the page has seen; whoever listens compares it with what he is told."""
        return self.view.timeline[-1].seq if self.view.timeline else 0

    @property
    def whistles(self) -> bool:
        """Whether this is a whistle of the hotline, which has a page of its own."""
        return bool(self._hotline and self.state["type"] == self._hotline.whistles.type)

    @property
    def ranked(self) -> bool:
        """Whether cases of this type count in the ranking of the hotline."""
        formulas = self._hotline.ranking if self._hotline else ()
        return any(self.state["type"] in formula.types for formula in formulas)

    @cached_property
    def _hotline(self) -> Any:
        """What the pack says of the hotline; None where it is not installed."""
        if not installed("hotline"):
            return None
        from shanzhi.hotline.queries.settings import setting

        return setting()

    @property
    def number(self) -> str:
        return format_number(self.state["number"])

    @property
    def state_title(self) -> str:
        return names.titled(self.view.type.states[self.state["state"]].title)

    @property
    def facts(self) -> list[tuple[str, str]]:
        """What is known of the case, in pairs of label and text; nothing that is empty."""
        state, known = self.state, self.known
        found = [
            (_("Type"), names.titled(self.view.type.title)),
            (_("Category"), names.category(state["category"])),
            (_("Urgency"), names.word(names.URGENCY, state["urgency"])),
            (_("With"), known.org(state["org"])),
            (_("Person"), known.person(state["person"])),
            (_("Proposed by the rules"), known.org(state["proposed"])),
            (_("Place"), names.area(state["area"])),
            (_("Grid redrawn since"), self._redrawn()),
            (_("Address"), state["address"]),
            (_("Came by"), names.channel(state["channel"])),
            (_("Level"), _(names.LEVEL[state["level"]]) if state["level"] else ""),
            (_("Sent back"), _("%(n)s times") % {"n": state["bounces"]} if state["bounces"] else ""),
            (_("Done again"), _("%(n)s times") % {"n": state["reworks"]} if state["reworks"] else ""),
        ]
        known_fields = names.filled(self.view.type.form, state["data"])
        return [(label, text) for label, text in (*found, *known_fields) if text]

    def _redrawn(self) -> str:
        """When the grid was redrawn after the report: the case keeps the grid in which it was reported."""
        day = redrawn_since(self.state["area"], self.state["opened_at"])
        return _("on %(day)s; the case keeps this grid") % {"day": day.isoformat()} if day else ""

    @property
    def clocks(self) -> list[dict[str, Any]]:
        """The clocks with their lamps, those that run first."""
        found = sorted(self.view.state.clocks.values(), key=lambda c: (c.status != "running", str(c.due)))
        return [self._clock(clock) for clock in found]

    def _clock(self, clock: Clock) -> dict[str, Any]:
        spec = self.view.type.clocks.get(clock.name)
        lamp = lamp_of(clock)
        words = {"green": _("In time"), "yellow": _("Soon due"), "red": _("Overdue")}
        word = words[lamp] if clock.status == "running" or clock.breached_at else ""
        status = {"paused": _("paused"), "stopped": _("stopped")}.get(clock.status, "")
        if clock.status == "running" and (until := self._rests.get(clock.name)):
            status = _("does not count until %(at)s") % {"at": f"{until.astimezone(BEIJING):%m-%d %H:%M}"}
        lamp = lamp if word else ""
        title = names.titled(spec.title) if spec else self._clock_title(clock.name)
        return {"clock": clock, "title": title, "lamp": lamp, "word": word, "status": status}

    @cached_property
    def _rests(self) -> dict[str, datetime]:
        """Clocks that do not count just now, because the resident wished a later time, and until when."""
        told = [one for entry in self.view.timeline if (one := entry.data.get("facts", {}).get("rests"))]
        until = datetime.fromisoformat(told[-1]["until"]) if told else None
        return dict.fromkeys(told[-1]["clocks"], until) if until is not None and until > now() else {}

    def _clock_title(self, name: str) -> str:
        """A clock of a task is called by what is owed and by whom, that of another platform by its name."""
        task = of_clock(self.view.state.tasks, name)
        if task is None:
            return _("Limit of %(platform)s") % {"platform": name}
        kind = self.view.type.tasks.get(task.kind)
        return f"{names.titled(kind.title if kind else None, task.kind)} · {self.known.org(task.org)}"

    @cached_property
    def timeline(self) -> list[story.Line]:
        outside = reports(self.actor, self.view.state.party)
        entries = [e for e in self.view.timeline if shown(e, outside)]
        return story.lines(entries, self.view.type, self.known, self.view.state.party.reporters)

    def since(self, version: int) -> list[story.Line]:
        """What has happened since somebody saw a version."""
        entries = [e for e in self.view.timeline if e.data.get("set", {}).get("version", 0) > version]
        return story.lines(entries, self.view.type, self.known, self.view.state.party.reporters)

    @cached_property
    def photos(self) -> dict[str, list[dict[str, str]]]:
        found: dict[str, list[dict[str, str]]] = {}
        for file in files.of_cases([self.id])[self.id]:
            address = f"{self.base}/files/{file.pk}"
            thumbnail = f"{address}/thumbnail" if file.thumbnail_sha256 else ""
            one = {"url": f"{address}/original", "thumbnail": thumbnail, "name": file.name, "alt": file.name}
            found.setdefault(file.kind, []).append(one)
        return found

    @property
    def reporters(self) -> list[dict[str, Any]]:
        """Those who reported it, masked."""
        return [
            {
                "name": r.name,
                "account": mask_name(self.known.person(r.account)),
                "person": self.people.get(UUID(str(r.person))) if r.person else None,
                "channel": names.channel(r.channel),
                "since": r.since,
            }
            for r in self.view.state.reporters.values()
            if r.active
        ]

    @property
    def tasks(self) -> list[dict[str, Any]]:
        return [
            {"task": t, "org": self.known.org(t.org), "person": self.known.person(t.person)}
            for t in self.view.state.tasks.values()
        ]

    @property
    def requests(self) -> list[dict[str, Any]]:
        """The ledger of side procedures, newest first."""
        return [
            {
                "request": r,
                "title": names.word(names.SIDE, r.kind),
                "status": names.word(names.REQUEST, r.status),
                "by": self.known.actor(r.asked_by),
                "decider": self.known.actor(r.decided_by) if r.decided_by else "",
                "hours": (r.seconds or 0) // 3600,
                "orgs": "、".join(self.known.org(o) for o in r.orgs),
            }
            for r in reversed(list(self.view.state.requests.values()))
        ]

    @property
    def ratings(self) -> list[dict[str, Any]]:
        said = {True: _("yes"), False: _("no"), None: "—"}
        source = {
            "reporter": _("The reporter"), "call": _("A call"), "third_party": _("A third party"),
            "task": _("The owner, of a helper"),
        }  # fmt: skip
        return [
            {
                "rating": r,
                "source": source[r.source],
                "contacted": said[r.contacted],
                "solved": said[r.solved],
            }
            for r in self.view.state.ratings.values()
        ]

    @property
    def related(self) -> list[dict[str, Any]]:
        """Cases split off from this one and those merged into it."""
        groups = ((self.view.children, _("Part")), (self.view.duplicates, _("Duplicate")))
        return [
            {**row, "number": format_number(row["number"]), "kind": kind}
            for rows, kind in groups
            for row in rows
        ]


def lamp_of(clock: Clock) -> str:
    """Red once it is breached, yellow after its first warning, green before."""
    if clock.breached_at or (clock.due and clock.due < now()):
        return "red"
    return "yellow" if clock.lamp > 0 else "green"
