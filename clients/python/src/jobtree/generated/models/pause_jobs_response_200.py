from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="PauseJobsResponse200")


@_attrs_define
class PauseJobsResponse200:
    jobs_paused: int
    dry_run: bool | Unset = UNSET
    """ Nothing was changed; the count is the number of jobs that would change. """

    def to_dict(self) -> dict[str, Any]:
        jobs_paused = self.jobs_paused

        dry_run = self.dry_run

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "jobsPaused": jobs_paused,
            }
        )
        if dry_run is not UNSET:
            field_dict["dryRun"] = dry_run

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        jobs_paused = d.pop("jobsPaused")

        dry_run = d.pop("dryRun", UNSET)

        pause_jobs_response_200 = cls(
            jobs_paused=jobs_paused,
            dry_run=dry_run,
        )

        return pause_jobs_response_200
