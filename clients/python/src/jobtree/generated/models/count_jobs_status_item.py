from typing import Literal, cast

CountJobsStatusItem = Literal[
    "Active", "Blocked", "Cancelled", "Completed", "Expired", "Failed", "Paused", "Waiting"
]

COUNT_JOBS_STATUS_ITEM_VALUES: set[CountJobsStatusItem] = {
    "Active",
    "Blocked",
    "Cancelled",
    "Completed",
    "Expired",
    "Failed",
    "Paused",
    "Waiting",
}


def check_count_jobs_status_item(value: str) -> CountJobsStatusItem:
    if value in COUNT_JOBS_STATUS_ITEM_VALUES:
        return cast(CountJobsStatusItem, value)
    raise TypeError(f"Unexpected value {value!r}. Expected one of {COUNT_JOBS_STATUS_ITEM_VALUES!r}")
