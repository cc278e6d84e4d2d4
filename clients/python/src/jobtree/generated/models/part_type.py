from typing import Literal, cast

PartType = Literal["BASE_PART", "META"]

PART_TYPE_VALUES: set[PartType] = {
    "BASE_PART",
    "META",
}


def check_part_type(value: str) -> PartType:
    if value in PART_TYPE_VALUES:
        return cast(PartType, value)
    raise TypeError(f"Unexpected value {value!r}. Expected one of {PART_TYPE_VALUES!r}")
