from typing import Literal, cast

ItemOutcome = Literal["failed", "skipped", "succeeded"]

ITEM_OUTCOME_VALUES: set[ItemOutcome] = {
    "failed",
    "skipped",
    "succeeded",
}


def check_item_outcome(value: str) -> ItemOutcome:
    if value in ITEM_OUTCOME_VALUES:
        return cast(ItemOutcome, value)
    raise TypeError(f"Unexpected value {value!r}. Expected one of {ITEM_OUTCOME_VALUES!r}")
