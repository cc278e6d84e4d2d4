from typing import Literal, cast

ItemPartType = Literal["BASE_PART", "META"]

ITEM_PART_TYPE_VALUES: set[ItemPartType] = {
    "BASE_PART",
    "META",
}


def check_item_part_type(value: str) -> ItemPartType:
    if value in ITEM_PART_TYPE_VALUES:
        return cast(ItemPartType, value)
    raise TypeError(f"Unexpected value {value!r}. Expected one of {ITEM_PART_TYPE_VALUES!r}")
