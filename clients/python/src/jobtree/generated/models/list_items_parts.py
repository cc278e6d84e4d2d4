from typing import Literal, cast

ListItemsParts = Literal["all", "result"]

LIST_ITEMS_PARTS_VALUES: set[ListItemsParts] = {
    "all",
    "result",
}


def check_list_items_parts(value: str) -> ListItemsParts:
    if value in LIST_ITEMS_PARTS_VALUES:
        return cast(ListItemsParts, value)
    raise TypeError(f"Unexpected value {value!r}. Expected one of {LIST_ITEMS_PARTS_VALUES!r}")
