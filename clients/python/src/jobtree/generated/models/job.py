from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.job_status import JobStatus, check_job_status
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.attention import Attention
    from ..models.failure_summary import FailureSummary
    from ..models.job_items import JobItems
    from ..models.job_labels import JobLabels
    from ..models.job_links import JobLinks
    from ..models.slow_chunk import SlowChunk


T = TypeVar("T", bound="Job")


@_attrs_define
class Job:
    id: str
    labels: JobLabels
    create_time: int
    """ Time of creation, in milliseconds since 1970. """
    last_update_time: int
    """ Time of the last change, except progress, in milliseconds since 1970. """
    status: JobStatus
    """ Completed, Failed, Cancelled and Expired are final. """
    percentage_complete: float
    """ Percentage with two decimals. Only Completed jobs have 100. """
    items: JobItems
    failures: list[FailureSummary]
    """ The first failures; empty in lists of jobs. """
    priority: int
    waiting_for: list[str]
    """ Ids of prerequisites that are not met yet. """
    hidden: bool
    """ True if lists, counts and bulk actions omit it by default. """
    created_by: str
    """ The sub of the token that created it. """
    version: int
    """ Increases with every change that users can see, except progress. """
    generation: int
    """ Distinguishes this job from earlier jobs with the same id, which were deleted. """
    run: int
    """ Number of the current run: 1, increased by each retry. """
    links: JobLinks
    """ Paths below the base address. """
    name: str | Unset = UNSET
    description: str | Unset = UNSET
    external_data: str | Unset = UNSET
    start_time: int | Unset = UNSET
    """ Time at which its work started, in milliseconds since 1970. """
    end_time: int | Unset = UNSET
    """ Time at which it became final, in milliseconds since 1970. """
    estimated_end_time: int | Unset = UNSET
    """ Estimated end at the rate so far, once all items are found, in milliseconds since 1970. """
    items_per_minute: float | Unset = UNSET
    """ Number of items that became final per minute, over the time in which this run was Active. Absent before the
    work starts. """
    rate: float | Unset = UNSET
    """ Equal to itemsPerMinute, which replaces it. """
    note: str | Unset = UNSET
    """ While the job is Active: the latest note of a long-running task, or the last error of work that is being
    retried. """
    type_: str | Unset = UNSET
    """ Job type of the job. """
    type_version: str | Unset = UNSET
    """ Version of the job type when the job was created. """
    template: str | Unset = UNSET
    """ Template that the job runs. """
    template_version: str | Unset = UNSET
    """ Version of the template when the job was created. """
    step: str | Unset = UNSET
    """ Name of the running step. For parallel branches, all names, separated by a comma and a space. """
    attention: Attention | Unset = UNSET
    """ Work that does not progress now; each count is at most 1000. """
    slowest: list[SlowChunk] | Unset = UNSET
    """ The 10 chunks of this run that ran longest, of those that are recorded and ran for at least 100 ms. Absent
    in lists. """
    dependents: list[str] | Unset = UNSET
    """ Ids of the first hundred jobs that name this one as a prerequisite. Absent in lists and in the response to a
    creation. """
    not_before: int | Unset = UNSET
    """ Earliest start, in milliseconds since 1970. """
    expires_at: int | Unset = UNSET
    """ Time at which it expires or is deleted automatically, if it stays in this status, in milliseconds since
    1970. """

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        labels = self.labels.to_dict()

        create_time = self.create_time

        last_update_time = self.last_update_time

        status: str = self.status

        percentage_complete = self.percentage_complete

        items = self.items.to_dict()

        failures = []
        for failures_item_data in self.failures:
            failures_item = failures_item_data.to_dict()
            failures.append(failures_item)

        priority = self.priority

        waiting_for = self.waiting_for

        hidden = self.hidden

        created_by = self.created_by

        version = self.version

        generation = self.generation

        run = self.run

        links = self.links.to_dict()

        name = self.name

        description = self.description

        external_data = self.external_data

        start_time = self.start_time

        end_time = self.end_time

        estimated_end_time = self.estimated_end_time

        items_per_minute = self.items_per_minute

        rate = self.rate

        note = self.note

        type_ = self.type_

        type_version = self.type_version

        template = self.template

        template_version = self.template_version

        step = self.step

        attention: dict[str, Any] | Unset = UNSET
        if not isinstance(self.attention, Unset):
            attention = self.attention.to_dict()

        slowest: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.slowest, Unset):
            slowest = []
            for slowest_item_data in self.slowest:
                slowest_item = slowest_item_data.to_dict()
                slowest.append(slowest_item)

        dependents: list[str] | Unset = UNSET
        if not isinstance(self.dependents, Unset):
            dependents = self.dependents

        not_before = self.not_before

        expires_at = self.expires_at

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "id": id,
                "labels": labels,
                "createTime": create_time,
                "lastUpdateTime": last_update_time,
                "status": status,
                "percentageComplete": percentage_complete,
                "items": items,
                "failures": failures,
                "priority": priority,
                "waitingFor": waiting_for,
                "hidden": hidden,
                "createdBy": created_by,
                "version": version,
                "generation": generation,
                "run": run,
                "links": links,
            }
        )
        if name is not UNSET:
            field_dict["name"] = name
        if description is not UNSET:
            field_dict["description"] = description
        if external_data is not UNSET:
            field_dict["externalData"] = external_data
        if start_time is not UNSET:
            field_dict["startTime"] = start_time
        if end_time is not UNSET:
            field_dict["endTime"] = end_time
        if estimated_end_time is not UNSET:
            field_dict["estimatedEndTime"] = estimated_end_time
        if items_per_minute is not UNSET:
            field_dict["itemsPerMinute"] = items_per_minute
        if rate is not UNSET:
            field_dict["rate"] = rate
        if note is not UNSET:
            field_dict["note"] = note
        if type_ is not UNSET:
            field_dict["type"] = type_
        if type_version is not UNSET:
            field_dict["typeVersion"] = type_version
        if template is not UNSET:
            field_dict["template"] = template
        if template_version is not UNSET:
            field_dict["templateVersion"] = template_version
        if step is not UNSET:
            field_dict["step"] = step
        if attention is not UNSET:
            field_dict["attention"] = attention
        if slowest is not UNSET:
            field_dict["slowest"] = slowest
        if dependents is not UNSET:
            field_dict["dependents"] = dependents
        if not_before is not UNSET:
            field_dict["notBefore"] = not_before
        if expires_at is not UNSET:
            field_dict["expiresAt"] = expires_at

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.attention import Attention
        from ..models.failure_summary import FailureSummary
        from ..models.job_items import JobItems
        from ..models.job_labels import JobLabels
        from ..models.job_links import JobLinks
        from ..models.slow_chunk import SlowChunk

        d = dict(src_dict)
        id = d.pop("id")

        labels = JobLabels.from_dict(d.pop("labels"))

        create_time = d.pop("createTime")

        last_update_time = d.pop("lastUpdateTime")

        status = check_job_status(d.pop("status"))

        percentage_complete = d.pop("percentageComplete")

        items = JobItems.from_dict(d.pop("items"))

        failures = []
        _failures = d.pop("failures")
        for failures_item_data in _failures:
            failures_item = FailureSummary.from_dict(failures_item_data)

            failures.append(failures_item)

        priority = d.pop("priority")

        waiting_for = cast(list[str], d.pop("waitingFor"))

        hidden = d.pop("hidden")

        created_by = d.pop("createdBy")

        version = d.pop("version")

        generation = d.pop("generation")

        run = d.pop("run")

        links = JobLinks.from_dict(d.pop("links"))

        name = d.pop("name", UNSET)

        description = d.pop("description", UNSET)

        external_data = d.pop("externalData", UNSET)

        start_time = d.pop("startTime", UNSET)

        end_time = d.pop("endTime", UNSET)

        estimated_end_time = d.pop("estimatedEndTime", UNSET)

        items_per_minute = d.pop("itemsPerMinute", UNSET)

        rate = d.pop("rate", UNSET)

        note = d.pop("note", UNSET)

        type_ = d.pop("type", UNSET)

        type_version = d.pop("typeVersion", UNSET)

        template = d.pop("template", UNSET)

        template_version = d.pop("templateVersion", UNSET)

        step = d.pop("step", UNSET)

        _attention = d.pop("attention", UNSET)
        attention: Attention | Unset
        if isinstance(_attention, Unset):
            attention = UNSET
        else:
            attention = Attention.from_dict(_attention)

        _slowest = d.pop("slowest", UNSET)
        slowest: list[SlowChunk] | Unset = UNSET
        if _slowest is not UNSET:
            slowest = []
            for slowest_item_data in _slowest:
                slowest_item = SlowChunk.from_dict(slowest_item_data)

                slowest.append(slowest_item)

        dependents = cast(list[str], d.pop("dependents", UNSET))

        not_before = d.pop("notBefore", UNSET)

        expires_at = d.pop("expiresAt", UNSET)

        job = cls(
            id=id,
            labels=labels,
            create_time=create_time,
            last_update_time=last_update_time,
            status=status,
            percentage_complete=percentage_complete,
            items=items,
            failures=failures,
            priority=priority,
            waiting_for=waiting_for,
            hidden=hidden,
            created_by=created_by,
            version=version,
            generation=generation,
            run=run,
            links=links,
            name=name,
            description=description,
            external_data=external_data,
            start_time=start_time,
            end_time=end_time,
            estimated_end_time=estimated_end_time,
            items_per_minute=items_per_minute,
            rate=rate,
            note=note,
            type_=type_,
            type_version=type_version,
            template=template,
            template_version=template_version,
            step=step,
            attention=attention,
            slowest=slowest,
            dependents=dependents,
            not_before=not_before,
            expires_at=expires_at,
        )

        return job
