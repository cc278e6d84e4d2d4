from typing import Literal, cast

TemplateRequestStepsItemOnItemFailureType0 = Literal["continue", "failAtEnd", "failFast", "failIfNoneSucceed"]

TEMPLATE_REQUEST_STEPS_ITEM_ON_ITEM_FAILURE_TYPE_0_VALUES: set[TemplateRequestStepsItemOnItemFailureType0] = {
    "continue",
    "failAtEnd",
    "failFast",
    "failIfNoneSucceed",
}


def check_template_request_steps_item_on_item_failure_type_0(
    value: str,
) -> TemplateRequestStepsItemOnItemFailureType0:
    if value in TEMPLATE_REQUEST_STEPS_ITEM_ON_ITEM_FAILURE_TYPE_0_VALUES:
        return cast(TemplateRequestStepsItemOnItemFailureType0, value)
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {TEMPLATE_REQUEST_STEPS_ITEM_ON_ITEM_FAILURE_TYPE_0_VALUES!r}"
    )
