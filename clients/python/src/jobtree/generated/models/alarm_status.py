from typing import Literal, cast

AlarmStatus = Literal["alarm", "ok", "unknown"]

ALARM_STATUS_VALUES: set[AlarmStatus] = {
    "alarm",
    "ok",
    "unknown",
}


def check_alarm_status(value: str) -> AlarmStatus:
    if value in ALARM_STATUS_VALUES:
        return cast(AlarmStatus, value)
    raise TypeError(f"Unexpected value {value!r}. Expected one of {ALARM_STATUS_VALUES!r}")
