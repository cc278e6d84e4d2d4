from typing import Literal, cast

GetJobStatsStatusItem = Literal[
    "Active", "Blocked", "Cancelled", "Completed", "Expired", "Failed", "Paused", "Waiting"
]

GET_JOB_STATS_STATUS_ITEM_VALUES: set[GetJobStatsStatusItem] = {
    "Active",
    "Blocked",
    "Cancelled",
    "Completed",
    "Expired",
    "Failed",
    "Paused",
    "Waiting",
}


def check_get_job_stats_status_item(value: str) -> GetJobStatsStatusItem:
    if value in GET_JOB_STATS_STATUS_ITEM_VALUES:
        return cast(GetJobStatsStatusItem, value)
    raise TypeError(f"Unexpected value {value!r}. Expected one of {GET_JOB_STATS_STATUS_ITEM_VALUES!r}")
