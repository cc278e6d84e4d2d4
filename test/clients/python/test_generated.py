"""The functions that openapi-python-client generates, without the layer of the client."""

from __future__ import annotations

import os
import time
from uuid import uuid4

from jobtree.generated import AuthenticatedClient
from jobtree.generated.api.job_details import list_failures
from jobtree.generated.api.jobs import create_job, get_job
from jobtree.generated.models import Failure, Job, Problem

PARTITION = f"py-{uuid4().hex[:12]}"
POLL_SECONDS = 0.2
DEADLINE_SECONDS = 120


def test_generated_functions_run_a_job() -> None:
    client = AuthenticatedClient(base_url=os.environ["JOBTREE_URL"], token=os.environ["JOBTREE_TOKEN"])
    batch = {
        "splitter": "range",
        "definition": {"from": 0, "to": 3},
        "worker": "rehearse",
        "parameters": {"failItems": ["1"]},
    }

    created = create_job.sync(p=PARTITION, client=client, body={"batch": batch})
    assert isinstance(created, Job)
    job: Job | Problem | object = created
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not (isinstance(job, Job) and job.status == "Completed") and time.monotonic() < deadline:
        time.sleep(POLL_SECONDS)
        job = get_job.sync(p=PARTITION, j=created.id, client=client)
    failures = list_failures.sync(p=PARTITION, j=created.id, client=client)
    missing = get_job.sync(p=PARTITION, j="missing", client=client)

    assert isinstance(job, Job)
    assert (job.items.succeeded, job.items.failed) == (2, 1)
    assert isinstance(failures, list)
    assert [failure.code for failure in failures if isinstance(failure, Failure)] == ["rehearsed"]
    assert isinstance(missing, Problem)
    assert missing.code == "not-found"
