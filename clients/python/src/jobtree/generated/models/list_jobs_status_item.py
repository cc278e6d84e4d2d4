from typing import Literal, cast

ListJobsStatusItem = Literal[
    "Active", "Blocked", "Cancelled", "Completed", "Expired", "Failed", "Paused", "Waiting"
]

LIST_JOBS_STATUS_ITEM_VALUES: set[ListJobsStatusItem] = {
    "Active",
    "Blocked",
    "Cancelled",
    "Completed",
    "Expired",
    "Failed",
    "Paused",
    "Waiting",
}


def check_list_jobs_status_item(value: str) -> ListJobsStatusItem:
    if value in LIST_JOBS_STATUS_ITEM_VALUES:
        return cast(ListJobsStatusItem, value)
    raise TypeError(f"Unexpected value {value!r}. Expected one of {LIST_JOBS_STATUS_ITEM_VALUES!r}")
