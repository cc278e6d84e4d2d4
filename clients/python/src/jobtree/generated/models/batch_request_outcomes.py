from typing import Literal, cast

BatchRequestOutcomes = Literal["all", "failures"]

BATCH_REQUEST_OUTCOMES_VALUES: set[BatchRequestOutcomes] = {
    "all",
    "failures",
}


def check_batch_request_outcomes(value: str) -> BatchRequestOutcomes:
    if value in BATCH_REQUEST_OUTCOMES_VALUES:
        return cast(BatchRequestOutcomes, value)
    raise TypeError(f"Unexpected value {value!r}. Expected one of {BATCH_REQUEST_OUTCOMES_VALUES!r}")
