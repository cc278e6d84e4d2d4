from typing import Literal, cast

TemplateSummaryScope = Literal["global", "partition"]

TEMPLATE_SUMMARY_SCOPE_VALUES: set[TemplateSummaryScope] = {
    "global",
    "partition",
}


def check_template_summary_scope(value: str) -> TemplateSummaryScope:
    if value in TEMPLATE_SUMMARY_SCOPE_VALUES:
        return cast(TemplateSummaryScope, value)
    raise TypeError(f"Unexpected value {value!r}. Expected one of {TEMPLATE_SUMMARY_SCOPE_VALUES!r}")
