/** Job types that were put through the API. Each change is a row of its own beside the one that stands now. */
import type { JobTypeBody } from '#contract/job-types.ts';
import type { Condition, Row, Table, Write } from '#core/ports.ts';
import { JOB_TYPES_PK, jobTypeKey, jobTypeVersionKey, jobTypeVersionsPk } from './keys.ts';

export interface StoredJobType extends JobTypeBody {
  readonly name: string;
  readonly version: number;
  readonly createTime: number;
  readonly createdBy: string;
}

export interface NewVersion {
  readonly body: JobTypeBody;
  /** Of the canonical body, to tell the same PUT from another one. */
  readonly hash: string;
  readonly now: number;
  readonly caller: string;
  /** May throw on the very version that is about to be replaced; `undefined`: none stands. */
  readonly check?: (standing: StoredJobType | undefined) => void;
}

export async function readJobType(table: Table, name: string): Promise<StoredJobType | undefined> {
  const { row } = await table.get(jobTypeKey(name), { strong: true });
  return row === undefined ? undefined : jobTypeOfRow(row);
}

/** `same` if it says what stands there: then nothing changes. */
export async function putJobType(
  table: Table,
  name: string,
  { body, hash, now, caller, check }: NewVersion,
): Promise<{ outcome: 'created' | 'changed' | 'same'; type: StoredJobType }> {
  for (;;) {
    const { row } = await table.get(jobTypeKey(name), { strong: true });
    const standing = row === undefined ? undefined : jobTypeOfRow(row);
    check?.(standing);
    if (standing !== undefined && row?.['hash'] === hash) return { outcome: 'same', type: standing };
    // A type that was deleted keeps its count, so that a version of it never means two things.
    const version = lastVersion(row) + 1;
    const attributes = {
      name,
      version,
      body: JSON.stringify(body),
      hash,
      createTime: now,
      createdBy: caller,
    };
    const writes: Write[] = [
      { kind: 'put', row: { ...jobTypeKey(name), ...attributes }, when: isStill(row) },
      { kind: 'put', row: { ...jobTypeVersionKey(name, version), ...attributes } },
    ];
    if ((await table.transact(writes)).outcome === 'refused') continue;
    const type = { ...body, name, version, createTime: now, createdBy: caller };
    return { outcome: standing === undefined ? 'created' : 'changed', type };
  }
}

export async function deleteJobType(
  table: Table,
  name: string,
  check: (standing: StoredJobType) => void,
): Promise<'deleted' | 'missing'> {
  for (;;) {
    const { row } = await table.get(jobTypeKey(name), { strong: true });
    const standing = row === undefined ? undefined : jobTypeOfRow(row);
    if (standing === undefined) return 'missing';
    check(standing);
    const tombstone = { ...jobTypeKey(name), version: standing.version };
    const answer = await table.write({ kind: 'put', row: tombstone, when: isStill(row) });
    if (answer.outcome === 'written') return 'deleted';
  }
}

/** All that stand, by name. */
export async function listJobTypes(table: Table): Promise<StoredJobType[]> {
  const types: StoredJobType[] = [];
  let after: Readonly<Record<string, unknown>> | undefined;
  do {
    const page = await table.query({
      pk: JOB_TYPES_PK,
      strong: true,
      ...(after === undefined ? {} : { after }),
    });
    types.push(...page.rows.map(jobTypeOfRow).filter((type) => type !== undefined));
    after = page.next;
  } while (after !== undefined);
  return types;
}

/** Newest first, also of a type that was deleted since. */
export async function listJobTypeVersions(
  table: Table,
  name: string,
  { limit, before }: { limit: number; before?: number | undefined },
): Promise<StoredJobType[]> {
  const { rows } = await table.query({
    pk: jobTypeVersionsPk(name),
    reverse: true,
    limit,
    strong: true,
    ...(before === undefined ? {} : { after: { ...jobTypeVersionKey(name, before) } }),
  });
  return rows.map(jobTypeOfRow).filter((type) => type !== undefined);
}

function lastVersion(row: Row | undefined): number {
  return row === undefined ? 0 : Number(row['version']);
}

function isStill(row: Row | undefined): Condition[] {
  if (row === undefined) return [{ attribute: 'pk', is: 'absent' }];
  return [
    { attribute: 'version', is: 'equal', value: Number(row['version']) },
    { attribute: 'body', is: row['body'] === undefined ? 'absent' : 'present' },
  ];
}

/** `undefined` for what is left of a type that was deleted. */
function jobTypeOfRow({ name, version, body, createTime, createdBy }: Row): StoredJobType | undefined {
  if (typeof body !== 'string') return undefined;
  return {
    ...(JSON.parse(body) as JobTypeBody),
    name: String(name),
    version: Number(version),
    createTime: Number(createTime),
    createdBy: String(createdBy),
  };
}
