from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

T = TypeVar("T", bound="JobItems")


@_attrs_define
class JobItems:
    found: int
    succeeded: int
    failed: int
    skipped: int
    sealed: bool
    """ True if all items are found. """

    def to_dict(self) -> dict[str, Any]:
        found = self.found

        succeeded = self.succeeded

        failed = self.failed

        skipped = self.skipped

        sealed = self.sealed

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "found": found,
                "succeeded": succeeded,
                "failed": failed,
                "skipped": skipped,
                "sealed": sealed,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        found = d.pop("found")

        succeeded = d.pop("succeeded")

        failed = d.pop("failed")

        skipped = d.pop("skipped")

        sealed = d.pop("sealed")

        job_items = cls(
            found=found,
            succeeded=succeeded,
            failed=failed,
            skipped=skipped,
            sealed=sealed,
        )

        return job_items
