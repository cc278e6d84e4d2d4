from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

from ..models.item_outcome import ItemOutcome, check_item_outcome
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.failure import Failure
    from ..models.part import Part


T = TypeVar("T", bound="Item")


@_attrs_define
class Item:
    """The outcome of one item."""

    id: str
    path: str
    """ Path of its task. """
    outcome: ItemOutcome
    attempts: int
    """ Number of attempts. """
    output: Any | Unset = UNSET
    """ Answer of the worker, up to 4 KB. A larger answer is stored as a part. """
    parts: list[Part] | Unset = UNSET
    failure: Failure | Unset = UNSET
    note: str | Unset = UNSET
    """ Note about the item, such as that a step received none of its parts. """

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        path = self.path

        outcome: str = self.outcome

        attempts = self.attempts

        output = self.output

        parts: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.parts, Unset):
            parts = []
            for parts_item_data in self.parts:
                parts_item = parts_item_data.to_dict()
                parts.append(parts_item)

        failure: dict[str, Any] | Unset = UNSET
        if not isinstance(self.failure, Unset):
            failure = self.failure.to_dict()

        note = self.note

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "id": id,
                "path": path,
                "outcome": outcome,
                "attempts": attempts,
            }
        )
        if output is not UNSET:
            field_dict["output"] = output
        if parts is not UNSET:
            field_dict["parts"] = parts
        if failure is not UNSET:
            field_dict["failure"] = failure
        if note is not UNSET:
            field_dict["note"] = note

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.failure import Failure
        from ..models.part import Part

        d = dict(src_dict)
        id = d.pop("id")

        path = d.pop("path")

        outcome = check_item_outcome(d.pop("outcome"))

        attempts = d.pop("attempts")

        output = d.pop("output", UNSET)

        _parts = d.pop("parts", UNSET)
        parts: list[Part] | Unset = UNSET
        if _parts is not UNSET:
            parts = []
            for parts_item_data in _parts:
                parts_item = Part.from_dict(parts_item_data)

                parts.append(parts_item)

        _failure = d.pop("failure", UNSET)
        failure: Failure | Unset
        if isinstance(_failure, Unset):
            failure = UNSET
        else:
            failure = Failure.from_dict(_failure)

        note = d.pop("note", UNSET)

        item = cls(
            id=id,
            path=path,
            outcome=outcome,
            attempts=attempts,
            output=output,
            parts=parts,
            failure=failure,
            note=note,
        )

        return item
