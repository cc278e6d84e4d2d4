from typing import Literal, cast

ListFailuresGroupBy = Literal["fingerprint"]

LIST_FAILURES_GROUP_BY_VALUES: set[ListFailuresGroupBy] = {
    "fingerprint",
}


def check_list_failures_group_by(value: str) -> ListFailuresGroupBy:
    if value in LIST_FAILURES_GROUP_BY_VALUES:
        return cast(ListFailuresGroupBy, value)
    raise TypeError(f"Unexpected value {value!r}. Expected one of {LIST_FAILURES_GROUP_BY_VALUES!r}")
