from typing import Literal, cast

BulkOperationVerb = Literal["cancel", "delete", "pause", "resume", "retry"]

BULK_OPERATION_VERB_VALUES: set[BulkOperationVerb] = {
    "cancel",
    "delete",
    "pause",
    "resume",
    "retry",
}


def check_bulk_operation_verb(value: str) -> BulkOperationVerb:
    if value in BULK_OPERATION_VERB_VALUES:
        return cast(BulkOperationVerb, value)
    raise TypeError(f"Unexpected value {value!r}. Expected one of {BULK_OPERATION_VERB_VALUES!r}")
