from typing import Literal, cast

LiveExpiryPolicyOperation = Literal["Delete", "Expire"]

LIVE_EXPIRY_POLICY_OPERATION_VALUES: set[LiveExpiryPolicyOperation] = {
    "Delete",
    "Expire",
}


def check_live_expiry_policy_operation(value: str) -> LiveExpiryPolicyOperation:
    if value in LIVE_EXPIRY_POLICY_OPERATION_VALUES:
        return cast(LiveExpiryPolicyOperation, value)
    raise TypeError(f"Unexpected value {value!r}. Expected one of {LIVE_EXPIRY_POLICY_OPERATION_VALUES!r}")
