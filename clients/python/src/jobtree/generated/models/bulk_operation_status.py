from typing import Literal, cast

BulkOperationStatus = Literal["Completed", "Running"]

BULK_OPERATION_STATUS_VALUES: set[BulkOperationStatus] = {
    "Completed",
    "Running",
}


def check_bulk_operation_status(value: str) -> BulkOperationStatus:
    if value in BULK_OPERATION_STATUS_VALUES:
        return cast(BulkOperationStatus, value)
    raise TypeError(f"Unexpected value {value!r}. Expected one of {BULK_OPERATION_STATUS_VALUES!r}")
