from typing import Literal, cast

TemplateRequestStepsItemOnNoParts = Literal["fail", "note"]

TEMPLATE_REQUEST_STEPS_ITEM_ON_NO_PARTS_VALUES: set[TemplateRequestStepsItemOnNoParts] = {
    "fail",
    "note",
}


def check_template_request_steps_item_on_no_parts(value: str) -> TemplateRequestStepsItemOnNoParts:
    if value in TEMPLATE_REQUEST_STEPS_ITEM_ON_NO_PARTS_VALUES:
        return cast(TemplateRequestStepsItemOnNoParts, value)
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {TEMPLATE_REQUEST_STEPS_ITEM_ON_NO_PARTS_VALUES!r}"
    )
