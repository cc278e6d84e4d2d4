"""Generates values for the string formats of the OpenAPI document, which JSON Schema cannot describe."""

from urllib.parse import unquote

import schemathesis
from hypothesis import strategies as st

FIELDS = ["id", "name", "type", "template", "createdBy", "labels.owner", "labels.tag:4"]
NUMBERS = [
    "percentageComplete",
    "priority",
    "createTime",
    "lastUpdateTime",
    "startTime",
    "endTime",
    "items.found",
    "items.succeeded",
    "items.failed",
]
STATUSES = ["Waiting", "Active", "Completed", "Failed"]

texts = st.text(alphabet="abcXYZ019_-*", min_size=1, max_size=12)
comparisons = st.one_of(
    st.builds("{}{}{}".format, st.sampled_from(FIELDS), st.sampled_from(["==", "!="]), texts),
    st.builds("{}=in=({})".format, st.sampled_from(FIELDS), texts),
    st.builds("{}{}{}".format, st.sampled_from(NUMBERS), st.sampled_from([">=", "<", "=gt="]), st.integers(0, 9)),
    st.builds("status=={}".format, st.sampled_from(STATUSES)),
)
filters = st.recursive(
    comparisons,
    lambda inner: st.one_of(
        st.builds("{};{}".format, inner, inner),
        st.builds("({},{})".format, inner, inner),
    ),
    max_leaves=4,
)

etags = st.builds("{}\"{}\"".format, st.sampled_from(["", "W/"]), st.from_regex(r"[!#-~]{1,8}", fullmatch=True))

schemathesis.openapi.format("rsql", filters)
schemathesis.openapi.format("retention", st.sampled_from(["P30D", "PT6H", "P1Y2M3DT4H5M6S", "P10Y", "PT0S"]))
schemathesis.openapi.format("etags", st.just("*") | st.lists(etags, min_size=1, max_size=3).map(", ".join))


@schemathesis.hook
def before_call(context, case, kwargs):
    """Removes cursors from valid requests, because only the service can create a valid cursor."""
    if case.meta is not None and case.meta.generation.mode.is_positive and case.query:
        case.query.pop("cursor", None)


@schemathesis.hook
def filter_path_parameters(context, path_parameters):
    """Discards ids that are too long only for the service, which counts characters beyond U+FFFF as two."""
    declared = {parameter.name: parameter.definition["schema"] for parameter in context.operation.path_parameters}
    for name, value in (path_parameters or {}).items():
        max_length = declared[name].get("maxLength")
        if max_length is None or not isinstance(value, str):
            continue
        text = unquote(value)
        if len(text) <= max_length < len(text.encode("utf-16-le", "surrogatepass")) // 2:
            return False
    return True
