from typing import Literal, cast

CountJobsStatusType = Literal["All", "Completed", "Inactive", "NotCompleted", "NotFinished"]

COUNT_JOBS_STATUS_TYPE_VALUES: set[CountJobsStatusType] = {
    "All",
    "Completed",
    "Inactive",
    "NotCompleted",
    "NotFinished",
}


def check_count_jobs_status_type(value: str) -> CountJobsStatusType:
    if value in COUNT_JOBS_STATUS_TYPE_VALUES:
        return cast(CountJobsStatusType, value)
    raise TypeError(f"Unexpected value {value!r}. Expected one of {COUNT_JOBS_STATUS_TYPE_VALUES!r}")
