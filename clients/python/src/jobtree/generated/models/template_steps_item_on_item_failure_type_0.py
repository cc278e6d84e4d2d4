from typing import Literal, cast

TemplateStepsItemOnItemFailureType0 = Literal["continue", "failAtEnd", "failFast", "failIfNoneSucceed"]

TEMPLATE_STEPS_ITEM_ON_ITEM_FAILURE_TYPE_0_VALUES: set[TemplateStepsItemOnItemFailureType0] = {
    "continue",
    "failAtEnd",
    "failFast",
    "failIfNoneSucceed",
}


def check_template_steps_item_on_item_failure_type_0(value: str) -> TemplateStepsItemOnItemFailureType0:
    if value in TEMPLATE_STEPS_ITEM_ON_ITEM_FAILURE_TYPE_0_VALUES:
        return cast(TemplateStepsItemOnItemFailureType0, value)
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {TEMPLATE_STEPS_ITEM_ON_ITEM_FAILURE_TYPE_0_VALUES!r}"
    )
