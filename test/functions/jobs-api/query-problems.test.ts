import { describe, expect, test } from 'vitest';
import { apiWorld, createdJob, JOBS } from './api-world.ts';

const JOB = `${JOBS}/j1`;

describe('a query that is refused names the value received and what is allowed', () => {
  test.each([
    [JOBS, 'limit=0', "limit: received '0'; must be a whole number from 1 to 1000"],
    [
      JOBS,
      'limit=1001',
      "limit: received '1001'; must be a whole number from 1 to 1000; follow the Link header",
    ],
    [JOBS, 'limit=1e2', "limit: received '1e2'; must be a whole number from 1 to 1000"],
    [JOBS, 'limit=', "limit: received ''; must be a whole number"],
    [JOBS, 'limit=1&limit=2', 'limit: is sent 2 times; send it once'],
    [JOBS, 'offset=-1', "offset: received '-1'; must be a whole number from 0 to 10000"],
    [JOBS, 'offset=20000', "offset: received '20000'; must be a whole number from 0 to 10000; use a cursor"],
    [JOBS, 'statusType=Done', "statusType: received 'Done'; use one of All, NotCompleted, Completed"],
    [JOBS, 'status=Active&status=Done', "status: received 'Done'; use one of Waiting, Active"],
    [JOBS, 'includeHidden=yes', "includeHidden: received 'yes'; use one of true, false"],
    [JOBS, 'labelExist=a b', "labelExist: received 'a b'; must be label keys separated by commas"],
    [
      JOBS,
      'sort=name',
      "sort: received 'name'; must be <field>:asc or <field>:desc, such as createTime:desc",
    ],
    [JOBS, 'sort=colour:asc', "sort: received 'colour:asc'; cannot sort by 'colour'; use one of jobId, name"],
    [JOBS, 'filter=', "filter: received ''; is not valid RSQL"],
    [
      JOBS,
      'filter=items.lost>0',
      "filter: received 'items.lost>0'; has the unknown field 'items.lost'; allowed",
    ],
    [JOBS, 'filter=endTime>today', "compares endTime with 'today'; use milliseconds since 1970 such as 17"],
    [JOBS, 'filter=items.failed>many', "compares items.failed with 'many'; use a number such as 4"],
    [JOBS, 'filter=status>Active', "received 'status>Active'; compares status with >; status allows only =="],
    [JOBS, 'jobIdStartsWith='.padEnd(200, 'x'), 'jobIdStartsWith: received '],
    [JOBS, 'cursor=x', "cursor: received 'x'; must be a cursor from the Link header of the previous page"],
    [JOBS, 'lmit=3', 'lmit: is not known here; did you mean limit? Allowed parameters: jobIdStartsWith'],
    [JOBS, 'colour=3', 'colour: is not known here; Allowed parameters: jobIdStartsWith'],
    [`${JOB}/items`, 'outcome=lost', "outcome: received 'lost'; use one of succeeded, failed, skipped"],
    [`${JOB}/items`, 'parts=none', "parts: received 'none'; use one of all, result"],
    [`${JOB}/failures`, 'groupBy=code', "groupBy: received 'code'; use one of fingerprint"],
    [`${JOB}/tasks`, 'parent=a', "parent: received 'a'; must be the path of a task, such as 3.17"],
    [JOB, 'limit=3', 'limit: is not known here; this operation has no query parameters. Leave it out'],
    ['/caf/partitions/p1/jobs', 'limit=5000', "limit: received '5000'; must be a whole number up to 1000"],
  ])('%s?%s', async (path, query, words) => {
    const world = apiWorld();
    await createdJob(world, 'j1');

    const { status, body } = await world.call('GET', path, { query });

    expect(status).toBe(400);
    expect(body.detail).toContain(words);
    expect(body.detail).not.toMatch(/ expected|Invalid/);
    expect(body.errors).toHaveLength(1);
  });

  test('of a bulk action', async () => {
    const { body } = await apiWorld().call('POST', `${JOBS}:cancel`, { query: 'dryrun=true' });

    expect(body.detail).toContain('dryrun: is not known here; did you mean dryRun?');
  });

  test('in a text that stays short', async () => {
    const { body } = await apiWorld().call('GET', JOBS, { query: `status=${'😀'.repeat(5_000)}` });

    expect(body.detail.length).toBeLessThan(500);
    expect(body.detail.isWellFormed()).toBe(true);
  });
});
