from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

T = TypeVar("T", bound="TaskItems")


@_attrs_define
class TaskItems:
    """Outcomes of its items once it is complete or, for a step, so far."""

    succeeded: int
    failed: int
    skipped: int

    def to_dict(self) -> dict[str, Any]:
        succeeded = self.succeeded

        failed = self.failed

        skipped = self.skipped

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "succeeded": succeeded,
                "failed": failed,
                "skipped": skipped,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        succeeded = d.pop("succeeded")

        failed = d.pop("failed")

        skipped = d.pop("skipped")

        task_items = cls(
            succeeded=succeeded,
            failed=failed,
            skipped=skipped,
        )

        return task_items
