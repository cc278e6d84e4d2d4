from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="RetryJobsResponse200")


@_attrs_define
class RetryJobsResponse200:
    jobs_retried: int
    dry_run: bool | Unset = UNSET
    """ Nothing was changed; the count is the number of jobs that would change. """

    def to_dict(self) -> dict[str, Any]:
        jobs_retried = self.jobs_retried

        dry_run = self.dry_run

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "jobsRetried": jobs_retried,
            }
        )
        if dry_run is not UNSET:
            field_dict["dryRun"] = dry_run

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        jobs_retried = d.pop("jobsRetried")

        dry_run = d.pop("dryRun", UNSET)

        retry_jobs_response_200 = cls(
            jobs_retried=jobs_retried,
            dry_run=dry_run,
        )

        return retry_jobs_response_200
