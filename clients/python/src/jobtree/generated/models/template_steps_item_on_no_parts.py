from typing import Literal, cast

TemplateStepsItemOnNoParts = Literal["fail", "note"]

TEMPLATE_STEPS_ITEM_ON_NO_PARTS_VALUES: set[TemplateStepsItemOnNoParts] = {
    "fail",
    "note",
}


def check_template_steps_item_on_no_parts(value: str) -> TemplateStepsItemOnNoParts:
    if value in TEMPLATE_STEPS_ITEM_ON_NO_PARTS_VALUES:
        return cast(TemplateStepsItemOnNoParts, value)
    raise TypeError(f"Unexpected value {value!r}. Expected one of {TEMPLATE_STEPS_ITEM_ON_NO_PARTS_VALUES!r}")
