"""The Python client against the service at JOBTREE_URL, in this process or on an emulator."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import jobtree as client
import pytest
from jobtree import Jobtree

URL = os.environ["JOBTREE_URL"]
TOKEN = os.environ["JOBTREE_TOKEN"]
SECONDS = 120


def rehearse(size: int, **parameters: Any) -> dict[str, Any]:
    definition = {"from": 0, "to": size}
    return {"splitter": "range", "definition": definition, "worker": "rehearse", "parameters": parameters}


@pytest.fixture
def jobtree() -> Any:
    with Jobtree(URL, TOKEN, f"py-{uuid4().hex[:12]}") as connected:
        yield connected


class Interfering(httpx.BaseTransport):
    """Calls `interfere` with each request; it may return a response, or raise as a broken network does."""

    def __init__(self, interfere: Callable[[httpx.Request, int], httpx.Response | None]) -> None:
        self.interfere = interfere
        self.sent: list[httpx.Request] = []
        self.network = httpx.HTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.sent.append(request)
        return self.interfere(request, len(self.sent)) or self.network.handle_request(request)


def test_a_job_is_watched_to_its_end_and_a_retry_completes_it(jobtree: Jobtree) -> None:
    job = jobtree.create_job({"name": "rehearsed", "batch": rehearse(250, failEvery=100, failTimes=1)})

    views = list(job.watch(min_interval=0.05))
    failures = list(job.failures())
    groups = list(job.failure_groups())
    retried = job.retry(codes=["rehearsed"])
    final = job.done(timeout=SECONDS)

    assert (views[-1].status, views[-1].items.succeeded, views[-1].items.failed) == ("Completed", 247, 3)
    assert [failure.code for failure in failures] == ["rehearsed"] * 3
    assert [(group.count, group.code) for group in groups] == [(3, "rehearsed")]
    assert retried == 3
    assert (final.status, final.run, final.items.failed) == ("Completed", 2, 0)
    assert len(list(job.items())) == 250
    assert len(list(job.items(limit=7))) == 7
    assert job.item("100").attempts
    assert job.request()["name"] == "rehearsed"
    assert job.cost().dollars >= 0
    assert job.status() == "Completed"
    assert "complete" in [entry.verb for entry in job.history()]
    assert {task.state for task in job.tasks()} == {"complete"}


def test_actions_change_a_job_and_refused_ones_are_typed_errors(jobtree: Jobtree) -> None:
    job = jobtree.create_job({"hold": True, "batch": rehearse(1)}, id="ä b%")

    edited = job.edit({"labels": {"owner": "bob"}})
    with pytest.raises(client.ConflictError) as outdated:
        job.edit({"name": "x"}, if_version=0)
    job.resume()
    job.done(timeout=SECONDS)
    with pytest.raises(client.ConflictError) as refused:
        job.pause()
    again = job.resubmit()
    again.resume()
    job.delete()
    with pytest.raises(client.NotFoundError):
        job.get()

    assert edited.labels.to_dict() == {"owner": "bob"}
    assert (outdated.value.status, outdated.value.code) == (412, "precondition-failed")
    assert (refused.value.status, refused.value.code) == (409, "invalid-transition")
    assert refused.value.request_id
    assert again.id != job.id
    assert again.done(timeout=SECONDS).status == "Completed"


def test_an_invalid_request_lists_each_wrong_part(jobtree: Jobtree) -> None:
    with pytest.raises(client.InvalidRequestError) as invalid:
        jobtree.create_job({"batch": rehearse(1), "priority": 99, "unknown": 1})

    assert "/priority" in [part.location for part in invalid.value.errors]
    assert "\n  /priority: " in str(invalid.value)
    assert "unknown" in str(invalid.value)


def test_lists_have_all_pages_and_select_jobs(jobtree: Jobtree) -> None:
    for name in ["a", "b", "c"]:
        request = {"hold": True, "labels": {"owner": 'b"ob' if name < "c" else "eve"}, "batch": rehearse(1)}
        jobtree.create_job(request, id=name)

    assert [job.id for job in jobtree.jobs(sort="jobId:asc")] == ["a", "b", "c"]
    assert [job.id for job in jobtree.jobs(sort="jobId:desc", limit=2)] == ["c", "b"]
    assert [job.id for job in jobtree.jobs(labels={"owner": 'b"ob'}, sort="jobId:asc")] == ["a", "b"]
    assert jobtree.count_jobs(status=["Paused", "Waiting"]) == 3
    assert jobtree.job_stats(job_id_starts_with="a").total == 1
    assert jobtree.activity(hours=1).jobs_read == jobtree.count_jobs()


def test_bulk_actions_need_criteria(jobtree: Jobtree) -> None:
    for name in ["a1", "a2", "b1"]:
        jobtree.create_job({"hold": True, "batch": rehearse(1)}, id=name)

    for criteria in ({}, {"filter": ""}, {"labels": {}}, {"include_hidden": True}):
        with pytest.raises(ValueError, match="all=True"):
            jobtree.delete_jobs(**criteria)  # type: ignore[arg-type]
    dry = jobtree.cancel_jobs(job_id_starts_with="a", dry_run=True)
    cancelled = jobtree.cancel_jobs(job_id_starts_with="a")
    deleted = jobtree.delete_jobs(all=True)

    assert (dry.jobs, dry.is_dry_run) == (2, True)
    assert (cancelled.jobs, cancelled.is_dry_run, cancelled.operation) == (2, False, None)
    assert deleted.jobs == 3


def test_files_are_uploaded_and_results_downloaded(jobtree: Jobtree, tmp_path: Path) -> None:
    lines = "ä line\nanother\n".encode()
    path = tmp_path / "some lines.txt"
    path.write_bytes(lines)

    uploads = [
        jobtree.upload(path),
        jobtree.upload(lines, filename="b.txt", content_type="text/plain"),
        jobtree.upload(io.BytesIO(lines)),
    ]
    long_output = "x" * 5000
    for upload in uploads:
        batch = {
            "splitter": "lines",
            "definition": {"source": upload.source},
            "worker": "rehearse",
            "parameters": {"output": long_output},
        }
        job = jobtree.create_job({"batch": batch})
        final = job.done(timeout=SECONDS)
        assert (final.status, final.items.succeeded) == ("Completed", 2), (upload, final)
        results = list(job.results())
        jobtree.download(results[0], tmp_path / "result")

        assert (final.status, final.items.succeeded) == ("Completed", 2)
        assert long_output in jobtree.download(results[0]).decode()
        assert long_output in (tmp_path / "result").read_text()
    stored = {upload.id: upload.filename for upload in jobtree.uploads()}
    assert stored[uploads[0].id] == "some lines.txt"
    jobtree.delete_upload(uploads[0].id)
    assert [stored.id for stored in jobtree.uploads()] == sorted(upload.id for upload in uploads[1:])


def test_settings_and_documents_are_read_and_put(jobtree: Jobtree) -> None:
    batch = '{"splitter": "range", "definition": {"from": 0, "to": 1}, "worker": "rehearse"}'

    settings = jobtree.put_settings({"maxActiveJobs": 3})
    created = jobtree.job_types.put("numbers", {"mapping": f'{{"batch": {batch}}}'})
    changed = jobtree.job_types.get_changed("numbers")
    assert changed is not None
    unchanged = jobtree.job_types.get_changed("numbers", changed[1])
    versions = list(jobtree.job_types.versions("numbers"))
    names = [summary.name for summary in jobtree.job_types.list()]
    job = jobtree.create_job({"type": "numbers"})
    jobtree.job_types.delete("numbers")

    assert settings.max_active_jobs == 3
    assert jobtree.settings().max_active_jobs == 3
    assert (created.name, changed[0], unchanged, len(versions)) == ("numbers", created, None, 1)
    assert "numbers" in names
    assert job.done(timeout=SECONDS).type_ == "numbers"
    assert isinstance(jobtree.templates.list(), list)
    assert "range" in [splitter.name for splitter in jobtree.splitters()]
    assert "rehearse" in [worker.name for worker in jobtree.workers()]
    assert "reports" in [queue.name for queue in jobtree.queues()]
    assert {alarm.status for alarm in jobtree.alarms()} <= {"ok", "alarm", "unknown"}
    assert jobtree.health().status == "ok"


def test_done_raises_after_its_timeout(jobtree: Jobtree) -> None:
    job = jobtree.create_job({"hold": True, "batch": rehearse(1)})

    with pytest.raises(client.WaitTimeoutError):
        job.done(timeout=0.3, min_interval=0.1)


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_request_is_repeated_after(status: int) -> None:
    busy = Interfering(lambda _, count: httpx.Response(status) if count < 3 else None)

    assert Jobtree(URL, TOKEN, "p", transport=busy).health().status == "ok"
    assert len(busy.sent) == 3


class BrokenBody(httpx.SyncByteStream):
    def __iter__(self) -> Iterator[bytes]:
        yield b"{"
        raise httpx.ReadError("connection reset")


def test_a_connection_that_breaks_while_the_body_arrives_is_repeated() -> None:
    broken = Interfering(lambda _, count: httpx.Response(200, stream=BrokenBody()) if count == 1 else None)

    assert Jobtree(URL, TOKEN, "p", transport=broken).health().status == "ok"
    assert len(broken.sent) == 2


def test_an_address_that_is_not_an_api_is_an_error_that_says_so() -> None:
    website = Interfering(lambda _request, _count: httpx.Response(200, html="<!doctype html>"))

    with pytest.raises(client.ServiceError, match="did not respond with JSON: '<!doctype html>'"):
        Jobtree(URL, TOKEN, "p", transport=website).health()


@pytest.mark.parametrize("id", ["", ".", ".."])
def test_ids_that_would_change_the_path_are_refused(id: str, jobtree: Jobtree) -> None:
    with pytest.raises(ValueError, match="not a valid id"):
        jobtree.job(id)


def test_a_creation_whose_response_is_lost_creates_one_job(jobtree: Jobtree) -> None:
    def lose_first(request: httpx.Request, count: int) -> httpx.Response | None:
        if count > 1:
            return None
        httpx.HTTPTransport().handle_request(request).read()
        raise httpx.ReadError("connection reset", request=request)

    losing = Interfering(lose_first)
    partition = jobtree.partition_id

    job = Jobtree(URL, TOKEN, partition, transport=losing).create_job({"batch": rehearse(1)})
    deleting = Interfering(lose_first)
    Jobtree(URL, TOKEN, partition, transport=deleting).job(job.id).delete()

    assert [request.headers["Idempotency-Key"] for request in losing.sent] == [
        losing.sent[0].headers["Idempotency-Key"]
    ] * 2
    assert len(deleting.sent) == 2
    assert list(jobtree.jobs()) == []


def refuse(request: httpx.Request, _: int) -> None:
    raise httpx.ConnectError("refused", request=request)


def test_a_retry_of_items_is_not_repeated_unless_throttled() -> None:
    broken = Interfering(lambda _request, _count: httpx.Response(503, headers={"Retry-After": "0"}))
    dead = Interfering(refuse)

    with pytest.raises(client.ServiceError):
        Jobtree(URL, TOKEN, "p", transport=broken).job("j").retry()
    with pytest.raises(client.ServiceUnreachableError, match="refused"):
        Jobtree(URL, TOKEN, "p", transport=dead, retries=1).health()

    assert (len(broken.sent), len(dead.sent)) == (1, 2)


def test_a_token_function_is_called_again_after_a_401() -> None:
    tokens = ["expired", TOKEN, "unused"]
    jobtree = Jobtree(URL, lambda: tokens.pop(0), "p")

    jobtree.count_jobs()
    jobtree.partition("q").count_jobs()
    assert tokens == ["unused"]

    with pytest.raises(client.NotAllowedError) as refused:
        Jobtree(URL, "wrong", "p").count_jobs()
    assert (refused.value.status, refused.value.code) == (401, "unauthorized")


def test_wrong_addresses_and_missing_partitions_are_refused() -> None:
    with pytest.raises(ValueError, match="not the address of a service: 'localhost/v1'"):
        Jobtree("localhost/v1", TOKEN)
    with pytest.raises(ValueError, match="partition"):
        Jobtree(URL, TOKEN).jobs()


def test_numbers_of_a_response_keep_every_digit() -> None:
    text = (
        '{"id": "1", "path": "", "outcome": "succeeded", "attempts": [{}],'
        ' "output": {"big": 9007199254740993, "small": 0.5, "long": 0.1234567890123456789, "huge": 1e400}}'
    )
    answer = httpx.Response(200, content=text, headers={"content-type": "application/json"})
    transport = Interfering(lambda request, count: answer)
    with Jobtree(URL, TOKEN, "p", transport=transport) as connected:
        item = connected.job("j").item("1")

    output: Any = item.output
    assert output["big"] == 9007199254740993
    assert isinstance(output["small"], float)
    assert output["long"] == Decimal("0.1234567890123456789")
    assert str(output["huge"]) == "1E+400"
