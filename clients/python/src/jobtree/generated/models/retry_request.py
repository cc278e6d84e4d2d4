from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.retry_request_filter import RetryRequestFilter
    from ..models.retry_request_patch import RetryRequestPatch


T = TypeVar("T", bound="RetryRequest")


@_attrs_define
class RetryRequest:
    filter_: RetryRequestFilter | Unset = UNSET
    """ Selects failed items. With both members, an item must match both. Default: all failed items. """
    patch: RetryRequestPatch | Unset = UNSET
    """ JSON merge patch for the original payload of each selected item. """
    restart_dependents: bool | Unset = UNSET
    """ True to start the jobs again that failed because of this one, directly or through other jobs. """

    def to_dict(self) -> dict[str, Any]:
        filter_: dict[str, Any] | Unset = UNSET
        if not isinstance(self.filter_, Unset):
            filter_ = self.filter_.to_dict()

        patch: dict[str, Any] | Unset = UNSET
        if not isinstance(self.patch, Unset):
            patch = self.patch.to_dict()

        restart_dependents = self.restart_dependents

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if filter_ is not UNSET:
            field_dict["filter"] = filter_
        if patch is not UNSET:
            field_dict["patch"] = patch
        if restart_dependents is not UNSET:
            field_dict["restartDependents"] = restart_dependents

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.retry_request_filter import RetryRequestFilter
        from ..models.retry_request_patch import RetryRequestPatch

        d = dict(src_dict)
        _filter_ = d.pop("filter", UNSET)
        filter_: RetryRequestFilter | Unset
        if isinstance(_filter_, Unset):
            filter_ = UNSET
        else:
            filter_ = RetryRequestFilter.from_dict(_filter_)

        _patch = d.pop("patch", UNSET)
        patch: RetryRequestPatch | Unset
        if isinstance(_patch, Unset):
            patch = UNSET
        else:
            patch = RetryRequestPatch.from_dict(_patch)

        restart_dependents = d.pop("restartDependents", UNSET)

        retry_request = cls(
            filter_=filter_,
            patch=patch,
            restart_dependents=restart_dependents,
        )

        return retry_request
