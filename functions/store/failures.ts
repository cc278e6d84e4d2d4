/**
 * Failure rows. Writes are idempotent puts. A job keeps its first 10,000 failures as rows; all are in the
 * outcome objects.
 */
import * as v from 'valibot';
import { failureEntries } from '#contract/failure-entries.ts';
import { failureIdOf, itemOfFailure, shortenId } from '#core/failure.ts';
import type { Failure, JobRun } from '#core/job.ts';
import { omitUndefined } from '#core/omit-undefined.ts';
import type { Row, Table } from '#core/ports.ts';
import type { TaskPath } from '#core/task-path.ts';
import { FAILURE_ROWS, failureKey, runRowsPk } from './keys.ts';
import { stragglerTtlSeconds } from './retention.ts';
import { readStored } from './stored.ts';

/**
 * Maximum number of failures of a job that are kept as rows. Further ones are counted, and listed by
 * `items?outcome=failed`.
 */
export const MAX_FAILURE_ROWS = 10_000;

export function failureRow(run: JobRun, failure: Failure): Row {
  return { ...failureKey(run, failure.failureId), ...failure, ttl: stragglerTtlSeconds(failure.failureTime) };
}

export async function putFailures(table: Table, run: JobRun, failures: readonly Failure[]): Promise<void> {
  await Promise.all(failures.map((failure) => table.write({ kind: 'put', row: failureRow(run, failure) })));
}

export async function deleteFailure(table: Table, run: JobRun, failureId: string): Promise<void> {
  await table.write({ kind: 'delete', key: failureKey(run, failureId) });
}

/** Returns the ids of the stored failures of a chunk. */
export async function listChunkFailures(
  table: Table,
  run: JobRun,
  path: TaskPath,
  index: number,
): Promise<string[]> {
  const ids: string[] = [];
  let after: Readonly<Record<string, unknown>> | undefined;
  do {
    const page = await table.query({
      pk: runRowsPk(run),
      begins: failureKey(run, `${failureIdOf({ path, index })}/`).sk,
      strong: true,
      ...omitUndefined({ after }),
    });
    ids.push(...page.rows.map((row) => String(row['failureId'])));
    after = page.next;
  } while (after !== undefined);
  return ids;
}

/** Returns `limit` failures unless fewer are left, failures of the job first. `next` is absent at the end. */
export async function listFailures(
  table: Table,
  run: JobRun,
  options: { limit: number; after?: Readonly<Record<string, unknown>> },
): Promise<{ failures: Failure[]; next?: Readonly<Record<string, unknown>> }> {
  const failures: Failure[] = [];
  for (let { after } = options; ; ) {
    const page = await table.query({
      pk: runRowsPk(run),
      begins: FAILURE_ROWS,
      limit: options.limit - failures.length,
      ...omitUndefined({ after }),
    });
    failures.push(...page.rows.map(failureOfRow));
    if (page.next === undefined) return { failures };
    if (failures.length >= options.limit) return { failures, next: page.next };
    after = page.next;
  }
}

const storedFailure: v.GenericSchema<Failure> = v.object(failureEntries);

function failureOfRow(row: Row): Failure {
  return readStored(storedFailure, row, 'failure');
}

/** Location of a chunk in the tree of its run. */
export interface ChunkLocation {
  readonly path: TaskPath;
  readonly index: number;
}

/** Returns the chunk of a failed item, from the rows of the first 10,000 failures. */
export async function findFailedItem(
  table: Table,
  run: JobRun,
  item: string,
): Promise<ChunkLocation | undefined> {
  const ending = shortenId(item);
  let after: Readonly<Record<string, unknown>> | undefined;
  do {
    const page = await listFailures(table, run, { limit: MAX_FAILURE_ROWS, ...omitUndefined({ after }) });
    for (const { failureId } of page.failures) {
      const failed = itemOfFailure(failureId);
      if (failed?.item === ending) return failed;
    }
    after = page.next;
  } while (after !== undefined);
  return undefined;
}
