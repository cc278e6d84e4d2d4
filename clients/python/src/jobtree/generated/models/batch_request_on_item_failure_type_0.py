from typing import Literal, cast

BatchRequestOnItemFailureType0 = Literal["continue", "failAtEnd", "failFast", "failIfNoneSucceed"]

BATCH_REQUEST_ON_ITEM_FAILURE_TYPE_0_VALUES: set[BatchRequestOnItemFailureType0] = {
    "continue",
    "failAtEnd",
    "failFast",
    "failIfNoneSucceed",
}


def check_batch_request_on_item_failure_type_0(value: str) -> BatchRequestOnItemFailureType0:
    if value in BATCH_REQUEST_ON_ITEM_FAILURE_TYPE_0_VALUES:
        return cast(BatchRequestOnItemFailureType0, value)
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {BATCH_REQUEST_ON_ITEM_FAILURE_TYPE_0_VALUES!r}"
    )
