from typing import Literal, cast

ListJobsStatusType = Literal["All", "Completed", "Inactive", "NotCompleted", "NotFinished"]

LIST_JOBS_STATUS_TYPE_VALUES: set[ListJobsStatusType] = {
    "All",
    "Completed",
    "Inactive",
    "NotCompleted",
    "NotFinished",
}


def check_list_jobs_status_type(value: str) -> ListJobsStatusType:
    if value in LIST_JOBS_STATUS_TYPE_VALUES:
        return cast(ListJobsStatusType, value)
    raise TypeError(f"Unexpected value {value!r}. Expected one of {LIST_JOBS_STATUS_TYPE_VALUES!r}")
