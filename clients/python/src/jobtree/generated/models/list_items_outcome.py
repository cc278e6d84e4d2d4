from typing import Literal, cast

ListItemsOutcome = Literal["failed", "skipped", "succeeded"]

LIST_ITEMS_OUTCOME_VALUES: set[ListItemsOutcome] = {
    "failed",
    "skipped",
    "succeeded",
}


def check_list_items_outcome(value: str) -> ListItemsOutcome:
    if value in LIST_ITEMS_OUTCOME_VALUES:
        return cast(ListItemsOutcome, value)
    raise TypeError(f"Unexpected value {value!r}. Expected one of {LIST_ITEMS_OUTCOME_VALUES!r}")
