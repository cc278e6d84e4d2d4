from typing import Literal, cast

JobTypeSummaryScope = Literal["global", "partition"]

JOB_TYPE_SUMMARY_SCOPE_VALUES: set[JobTypeSummaryScope] = {
    "global",
    "partition",
}


def check_job_type_summary_scope(value: str) -> JobTypeSummaryScope:
    if value in JOB_TYPE_SUMMARY_SCOPE_VALUES:
        return cast(JobTypeSummaryScope, value)
    raise TypeError(f"Unexpected value {value!r}. Expected one of {JOB_TYPE_SUMMARY_SCOPE_VALUES!r}")
