from typing import Literal, cast

TemplateScope = Literal["global", "partition"]

TEMPLATE_SCOPE_VALUES: set[TemplateScope] = {
    "global",
    "partition",
}


def check_template_scope(value: str) -> TemplateScope:
    if value in TEMPLATE_SCOPE_VALUES:
        return cast(TemplateScope, value)
    raise TypeError(f"Unexpected value {value!r}. Expected one of {TEMPLATE_SCOPE_VALUES!r}")
