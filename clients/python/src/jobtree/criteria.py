"""Selects jobs: the query parameters of lists, statistics and bulk actions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypedDict

from .generated.types import UNSET


class JobCriteria(TypedDict, total=False):
    job_id_starts_with: str
    label_exist: str | Iterable[str]
    """Label keys; selects jobs that have any of them."""
    labels: Mapping[str, str]
    """Labels with exactly these values; selects jobs that have all of them."""
    filter: str
    """RSQL expression, for example `status==Active;items.failed>0`."""
    include_hidden: bool


class JobQuery(JobCriteria, total=False):
    status: str | Iterable[str]
    status_type: str


class BulkCriteria(JobCriteria, total=False):
    all: bool
    """Required to act on the whole partition, so that an empty filter does not do it by accident."""
    dry_run: bool
    """Counts the jobs and changes nothing."""


def criteria(selection: JobCriteria) -> dict[str, Any]:
    """Returns the parameters of the generated functions."""
    keys = selection.get("label_exist")
    return {
        "job_id_starts_with": _or_unset(selection.get("job_id_starts_with")),
        "label_exist": _or_unset(keys if keys is None or isinstance(keys, str) else ",".join(keys)),
        "filter_": _or_unset(_filter(selection.get("filter"), selection.get("labels") or {})),
        "include_hidden": _or_unset(selection.get("include_hidden")),
    }


def query(selection: JobQuery) -> dict[str, Any]:
    """Returns the parameters of the generated functions that also select by status."""
    status = selection.get("status")
    return {
        **criteria(selection),
        "status": _or_unset([status] if isinstance(status, str) else status and list(status)),
        "status_type": _or_unset(selection.get("status_type")),
    }


def quoted(value: str) -> str:
    """Quotes a value for a filter."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _filter(text: str | None, labels: Mapping[str, str]) -> str | None:
    """Joins the filter and the labels to one RSQL expression. With =in=, an asterisk is not a wildcard."""
    comparisons = [f"labels.{key}=in=({quoted(value)})" for key, value in labels.items()]
    if not comparisons:
        return text
    return ";".join([*([] if text is None else [f"({text})"]), *comparisons])


def _or_unset(value: Any) -> Any:
    return UNSET if value is None else value
