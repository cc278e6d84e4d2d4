from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

if TYPE_CHECKING:
    from ..models.job_stats_by_status import JobStatsByStatus
    from ..models.job_stats_oldest_waiting_type_0 import JobStatsOldestWaitingType0


T = TypeVar("T", bound="JobStats")


@_attrs_define
class JobStats:
    total: int
    by_status: JobStatsByStatus
    """ Number of jobs in each status, including statuses with 0 jobs. """
    items_per_minute: float
    """ Combined rate of all Active jobs: the sum of their itemsPerMinute. """
    with_failures: int
    """ Number of jobs that are Failed or have failed items. Items of jobs that are paused or ended early are not
    counted. """
    stuck: int
    """ Number of Active jobs without progress for 10 minutes. """
    oldest_waiting: JobStatsOldestWaitingType0 | None

    def to_dict(self) -> dict[str, Any]:
        from ..models.job_stats_oldest_waiting_type_0 import JobStatsOldestWaitingType0

        total = self.total

        by_status = self.by_status.to_dict()

        items_per_minute = self.items_per_minute

        with_failures = self.with_failures

        stuck = self.stuck

        oldest_waiting: dict[str, Any] | None
        if isinstance(self.oldest_waiting, JobStatsOldestWaitingType0):
            oldest_waiting = self.oldest_waiting.to_dict()
        else:
            oldest_waiting = self.oldest_waiting

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "total": total,
                "byStatus": by_status,
                "itemsPerMinute": items_per_minute,
                "withFailures": with_failures,
                "stuck": stuck,
                "oldestWaiting": oldest_waiting,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.job_stats_by_status import JobStatsByStatus
        from ..models.job_stats_oldest_waiting_type_0 import JobStatsOldestWaitingType0

        d = dict(src_dict)
        total = d.pop("total")

        by_status = JobStatsByStatus.from_dict(d.pop("byStatus"))

        items_per_minute = d.pop("itemsPerMinute")

        with_failures = d.pop("withFailures")

        stuck = d.pop("stuck")

        def _parse_oldest_waiting(data: object) -> JobStatsOldestWaitingType0 | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                oldest_waiting_type_0 = JobStatsOldestWaitingType0.from_dict(data)

                return oldest_waiting_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(JobStatsOldestWaitingType0 | None, data)

        oldest_waiting = _parse_oldest_waiting(d.pop("oldestWaiting"))

        job_stats = cls(
            total=total,
            by_status=by_status,
            items_per_minute=items_per_minute,
            with_failures=with_failures,
            stuck=stuck,
            oldest_waiting=oldest_waiting,
        )

        return job_stats
