"""A contract for import-linter: across rooms only `actions`, `queries` and pure nouns are imported."""

from typing import Any

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class Rooms(Contract):
    """Modules named in `private` are imported by their own room only; `open_to` lists who else may."""

    private: Any = fields.ListField(subfield=fields.StringField())
    open_to: Any = fields.ListField(subfield=fields.StringField(), required=False)

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """Each direct import of a private module from another room is broken."""
        broken = []
        for module in sorted(graph.modules):
            room, inner = split(module)
            if not set(inner) & set(self.private):
                continue
            for importer in sorted(graph.find_modules_that_directly_import(module)):
                if self.foreign(importer, room):
                    details = graph.get_import_details(importer=importer, imported=module)
                    line = details[0]["line_number"] if details else 0
                    broken.append(f"{importer}:{line} imports {module}")
        return ContractCheck(kept=not broken, metadata={"broken": broken})

    def foreign(self, importer: str, room: str) -> bool:
        own, inner = split(importer)
        return own not in (room, *(self.open_to or ())) and "tests" not in inner

    def render_broken_contract(self, check: ContractCheck) -> None:
        for line in check.metadata["broken"]:
            output.print_error(line)


def split(module: str) -> tuple[str, list[str]]:
    """`shanzhi.cases.actions.flow` is `flow` of the actions of the room `cases`."""
    parts = module.split(".")
    return (parts[1] if len(parts) > 1 else ""), parts[2:]
