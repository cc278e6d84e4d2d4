from typing import Literal, cast

TaskKind = Literal["batch", "chunk", "step", "task"]

TASK_KIND_VALUES: set[TaskKind] = {
    "batch",
    "chunk",
    "step",
    "task",
}


def check_task_kind(value: str) -> TaskKind:
    if value in TASK_KIND_VALUES:
        return cast(TaskKind, value)
    raise TypeError(f"Unexpected value {value!r}. Expected one of {TASK_KIND_VALUES!r}")
