from typing import Literal, cast

JobTypeScope = Literal["global", "partition"]

JOB_TYPE_SCOPE_VALUES: set[JobTypeScope] = {
    "global",
    "partition",
}


def check_job_type_scope(value: str) -> JobTypeScope:
    if value in JOB_TYPE_SCOPE_VALUES:
        return cast(JobTypeScope, value)
    raise TypeError(f"Unexpected value {value!r}. Expected one of {JOB_TYPE_SCOPE_VALUES!r}")
