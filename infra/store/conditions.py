"""Preconditions: do it only if the object is still the one I know.

Two writers who both read generation 7 and both write "if generation is 7" cannot overwrite each
other: one of them is told 412. With generation 0, "only if there is none yet", an upload can be
repeated without harm.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from infra.store.blob import Record
from infra.store.refusal import Refusal, bad_request


@dataclass(frozen=True)
class Conditions:
    """What must hold of an object's version numbers; None asks for nothing. Generation 0 is the
    object that is not there."""

    generation: int | None = None
    not_generation: int | None = None
    metageneration: int | None = None
    not_metageneration: int | None = None

    def check(self, found: Record | None, what: str) -> None:
        """Raise Refusal with 412 where something is not as it must be, and with 304 where it is as
        it must not be ("not modified": the answer for a reader who has it already)."""
        generation = found.generation if found else 0
        metageneration = found.metageneration if found else 0
        pairs = ((generation, self.generation), (metageneration, self.metageneration))
        if any(wanted not in (None, is_) for is_, wanted in pairs):
            raise Refusal(
                412,
                "conditionNotMet",
                f"{what}: its generation is {generation}, metageneration {metageneration}.",
            )
        if generation == self.not_generation or metageneration == self.not_metageneration:
            raise Refusal(304, "notModified", f"{what}: it is still that one.")


def conditions(query: Mapping[str, str], prefix: str = "if") -> Conditions:
    """The conditions among a request's parameters; those of a source begin with ``ifSource``."""
    return Conditions(
        whole(query, f"{prefix}GenerationMatch"),
        whole(query, f"{prefix}GenerationNotMatch"),
        whole(query, f"{prefix}MetagenerationMatch"),
        whole(query, f"{prefix}MetagenerationNotMatch"),
    )


def whole(query: Mapping[str, str], name: str) -> int | None:
    """A parameter that is a whole number from 0 on; None where it is not given."""
    text = query.get(name)
    if text is None:
        return None
    if not (text.isascii() and text.isdigit()):
        raise bad_request(f"{name}={text!r}: give a whole number.")
    return int(text)
