from typing import Literal, cast

GetJobStatsStatusType = Literal["All", "Completed", "Inactive", "NotCompleted", "NotFinished"]

GET_JOB_STATS_STATUS_TYPE_VALUES: set[GetJobStatsStatusType] = {
    "All",
    "Completed",
    "Inactive",
    "NotCompleted",
    "NotFinished",
}


def check_get_job_stats_status_type(value: str) -> GetJobStatsStatusType:
    if value in GET_JOB_STATS_STATUS_TYPE_VALUES:
        return cast(GetJobStatsStatusType, value)
    raise TypeError(f"Unexpected value {value!r}. Expected one of {GET_JOB_STATS_STATUS_TYPE_VALUES!r}")
