from typing import Literal, cast

JobStatus = Literal["Active", "Blocked", "Cancelled", "Completed", "Expired", "Failed", "Paused", "Waiting"]

JOB_STATUS_VALUES: set[JobStatus] = {
    "Active",
    "Blocked",
    "Cancelled",
    "Completed",
    "Expired",
    "Failed",
    "Paused",
    "Waiting",
}


def check_job_status(value: str) -> JobStatus:
    if value in JOB_STATUS_VALUES:
        return cast(JobStatus, value)
    raise TypeError(f"Unexpected value {value!r}. Expected one of {JOB_STATUS_VALUES!r}")
