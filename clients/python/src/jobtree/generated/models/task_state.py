from typing import Literal, cast

TaskState = Literal["complete", "retrying", "sent", "splitting", "working"]

TASK_STATE_VALUES: set[TaskState] = {
    "complete",
    "retrying",
    "sent",
    "splitting",
    "working",
}


def check_task_state(value: str) -> TaskState:
    if value in TASK_STATE_VALUES:
        return cast(TaskState, value)
    raise TypeError(f"Unexpected value {value!r}. Expected one of {TASK_STATE_VALUES!r}")
