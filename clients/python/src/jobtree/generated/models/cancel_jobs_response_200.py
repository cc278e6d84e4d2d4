from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="CancelJobsResponse200")


@_attrs_define
class CancelJobsResponse200:
    jobs_canceled: int
    dry_run: bool | Unset = UNSET
    """ Nothing was changed; the count is the number of jobs that would change. """

    def to_dict(self) -> dict[str, Any]:
        jobs_canceled = self.jobs_canceled

        dry_run = self.dry_run

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "jobsCanceled": jobs_canceled,
            }
        )
        if dry_run is not UNSET:
            field_dict["dryRun"] = dry_run

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        jobs_canceled = d.pop("jobsCanceled")

        dry_run = d.pop("dryRun", UNSET)

        cancel_jobs_response_200 = cls(
            jobs_canceled=jobs_canceled,
            dry_run=dry_run,
        )

        return cancel_jobs_response_200
