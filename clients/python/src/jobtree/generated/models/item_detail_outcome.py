from typing import Literal, cast

ItemDetailOutcome = Literal["failed", "skipped", "succeeded"]

ITEM_DETAIL_OUTCOME_VALUES: set[ItemDetailOutcome] = {
    "failed",
    "skipped",
    "succeeded",
}


def check_item_detail_outcome(value: str) -> ItemDetailOutcome:
    if value in ITEM_DETAIL_OUTCOME_VALUES:
        return cast(ItemDetailOutcome, value)
    raise TypeError(f"Unexpected value {value!r}. Expected one of {ITEM_DETAIL_OUTCOME_VALUES!r}")
