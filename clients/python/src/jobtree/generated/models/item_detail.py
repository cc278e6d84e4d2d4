from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

from ..models.item_detail_outcome import ItemDetailOutcome, check_item_detail_outcome
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.failure import Failure
    from ..models.item_attempt import ItemAttempt
    from ..models.item_part import ItemPart


T = TypeVar("T", bound="ItemDetail")


@_attrs_define
class ItemDetail:
    """One item of a job."""

    id: str
    attempts: list[ItemAttempt]
    """ Attempts in order. """
    outcome: ItemDetailOutcome | Unset = UNSET
    """ Absent while the item is being retried, or if it was not found yet (see `cursor`). """
    path: str | Unset = UNSET
    """ Path of its task. """
    next_attempt_at: int | Unset = UNSET
    """ Earliest time of the next attempt, while it is being retried, in milliseconds since 1970. """
    payload: Any | Unset = UNSET
    """ Payload that the worker received, up to 4 KB. """
    payload_excerpt: str | Unset = UNSET
    """ Beginning of a larger payload as JSON, up to 4 KB. """
    payload_url: str | Unset = UNSET
    """ Download URL of a larger payload, valid for 15 minutes. """
    output: Any | Unset = UNSET
    """ Answer of the worker, up to 4 KB. A larger one is a part. """
    parts: list[ItemPart] | Unset = UNSET
    failure: Failure | Unset = UNSET
    note: str | Unset = UNSET
    """ Note about the item, such as that a step received none of its parts. """
    looked_at: int | Unset = UNSET
    """ Number of outcomes that were read so far without finding the item. """
    cursor: str | Unset = UNSET
    """ Present if the item was not found yet: continue with this cursor. """

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        attempts = []
        for attempts_item_data in self.attempts:
            attempts_item = attempts_item_data.to_dict()
            attempts.append(attempts_item)

        outcome: str | Unset = UNSET
        if not isinstance(self.outcome, Unset):
            outcome = self.outcome

        path = self.path

        next_attempt_at = self.next_attempt_at

        payload = self.payload

        payload_excerpt = self.payload_excerpt

        payload_url = self.payload_url

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

        looked_at = self.looked_at

        cursor = self.cursor

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "id": id,
                "attempts": attempts,
            }
        )
        if outcome is not UNSET:
            field_dict["outcome"] = outcome
        if path is not UNSET:
            field_dict["path"] = path
        if next_attempt_at is not UNSET:
            field_dict["nextAttemptAt"] = next_attempt_at
        if payload is not UNSET:
            field_dict["payload"] = payload
        if payload_excerpt is not UNSET:
            field_dict["payloadExcerpt"] = payload_excerpt
        if payload_url is not UNSET:
            field_dict["payloadUrl"] = payload_url
        if output is not UNSET:
            field_dict["output"] = output
        if parts is not UNSET:
            field_dict["parts"] = parts
        if failure is not UNSET:
            field_dict["failure"] = failure
        if note is not UNSET:
            field_dict["note"] = note
        if looked_at is not UNSET:
            field_dict["lookedAt"] = looked_at
        if cursor is not UNSET:
            field_dict["cursor"] = cursor

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.failure import Failure
        from ..models.item_attempt import ItemAttempt
        from ..models.item_part import ItemPart

        d = dict(src_dict)
        id = d.pop("id")

        attempts = []
        _attempts = d.pop("attempts")
        for attempts_item_data in _attempts:
            attempts_item = ItemAttempt.from_dict(attempts_item_data)

            attempts.append(attempts_item)

        _outcome = d.pop("outcome", UNSET)
        outcome: ItemDetailOutcome | Unset
        if isinstance(_outcome, Unset):
            outcome = UNSET
        else:
            outcome = check_item_detail_outcome(_outcome)

        path = d.pop("path", UNSET)

        next_attempt_at = d.pop("nextAttemptAt", UNSET)

        payload = d.pop("payload", UNSET)

        payload_excerpt = d.pop("payloadExcerpt", UNSET)

        payload_url = d.pop("payloadUrl", UNSET)

        output = d.pop("output", UNSET)

        _parts = d.pop("parts", UNSET)
        parts: list[ItemPart] | Unset = UNSET
        if _parts is not UNSET:
            parts = []
            for parts_item_data in _parts:
                parts_item = ItemPart.from_dict(parts_item_data)

                parts.append(parts_item)

        _failure = d.pop("failure", UNSET)
        failure: Failure | Unset
        if isinstance(_failure, Unset):
            failure = UNSET
        else:
            failure = Failure.from_dict(_failure)

        note = d.pop("note", UNSET)

        looked_at = d.pop("lookedAt", UNSET)

        cursor = d.pop("cursor", UNSET)

        item_detail = cls(
            id=id,
            attempts=attempts,
            outcome=outcome,
            path=path,
            next_attempt_at=next_attempt_at,
            payload=payload,
            payload_excerpt=payload_excerpt,
            payload_url=payload_url,
            output=output,
            parts=parts,
            failure=failure,
            note=note,
            looked_at=looked_at,
            cursor=cursor,
        )

        return item_detail
