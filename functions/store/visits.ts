/**
 * Visits of steps. Each visit is a child of the job's root. The root's fence assigns its number once for each
 * step and the nodes it follows. A message that is redelivered, or sent again with a new token, therefore
 * finds its visit.
 */
import * as v from 'valibot';
import { count, integer } from '#contract/integers.ts';
import type { ItemFailurePolicy, JobRun } from '#core/job.ts';
import { omitUndefined } from '#core/omit-undefined.ts';
import type { Totals } from '#core/page.ts';
import type { Condition, Row, Table } from '#core/ports.ts';
import { ROOT } from '#core/task-path.ts';
import type { StepAnswer } from '#core/template/outcome.ts';
import type { StepTransitions } from '#core/template/template.ts';
import { fenceKey, nodeOfVisitKey, runRowsPk, VISIT_ROWS, visitKey } from './keys.ts';
import { stragglerTtlSeconds } from './retention.ts';
import { parseStored, storedTotals } from './stored.ts';

/** Members of a visit that never change after it has started. */
export interface VisitFacts {
  readonly step: string;
  /** Nodes whose items the visit processes. */
  readonly inputs: readonly number[];
  readonly onItemFailure: ItemFailurePolicy;
  readonly codes: readonly string[];
  readonly failsJob: boolean;
  /**
   * Totals of items that earlier steps finished and this visit only carries along. They are not failures of
   * this step.
   */
  readonly carried: Totals;
  /** Active time of the job when the visit started, in milliseconds. Pauses do not count. */
  readonly activeMillis: number;
  /** True if the step splits items itself. */
  readonly splits: boolean;
  /** True if the visit processes items that failed before. */
  readonly takesFailed: boolean;
  readonly transitions: StepTransitions;
}

export interface Visit extends VisitFacts {
  readonly node: number;
  /** Number of the visit among the visits of its step, from 1. */
  readonly ordinal: number;
  readonly token: string;
  readonly totals?: Totals;
  /** Set once all its items are recorded. The holder of its token may then receive it. */
  readonly answer?: StepAnswer;
  /** True if its items are in batches below its node. */
  readonly isNested: boolean;
  /** Outcome codes that workers set. */
  readonly exits: ReadonlySet<string>;
}

const storedPolicy: v.GenericSchema<ItemFailurePolicy> = v.union([
  v.picklist(['failIfNoneSucceed', 'continue', 'failAtEnd', 'failFast']),
  v.object({ tolerate: v.object({ count }) }),
  v.object({ tolerate: v.object({ percent: v.number() }) }),
]);

const storedFacts: v.GenericSchema<Omit<VisitFacts, 'step' | 'inputs'>> = v.object({
  onItemFailure: storedPolicy,
  codes: v.array(v.string()),
  failsJob: v.boolean(),
  carried: storedTotals,
  activeMillis: v.number(),
  splits: v.boolean(),
  takesFailed: v.boolean(),
  transitions: v.object({
    before: integer,
    after: v.object({
      rules: v.array(v.object({ of: v.picklist(['outcome', 'result']), is: v.string(), states: integer })),
      otherwise: integer,
    }),
  }),
});

/** Counts may be negative: an item that was skipped before a fork can fail in a branch that takes it. */
const storedAnswer: v.GenericSchema<StepAnswer> = v.object({
  items: integer,
  failed: integer,
  skipped: integer,
  outcome: v.string(),
  result: v.picklist(['COMPLETED', 'FAILED', 'COMPLETED_WITH_FAILURES']),
  inputs: v.array(integer),
});

const VISIT_NODE = 'visit:';
const EXIT = 'exit:';

/** Request of a state machine: a visit after these nodes, whose end is reported with this token. */
export interface VisitRequest {
  readonly after: readonly number[];
  readonly token: string;
  readonly tokenNumber: number;
  readonly now: number;
}

export interface VisitEntry {
  readonly visit: Visit;
  /** Number of state transitions since the previous message of this visit. */
  readonly transitions: number;
}

/** Returns the visit of this step on these inputs. Creates it if it does not exist. */
export async function enterVisit(
  table: Table,
  run: JobRun,
  facts: VisitFacts,
  entry: VisitRequest,
): Promise<VisitEntry> {
  const { token, tokenNumber, now } = entry;
  const { node, ordinal } = await assignNode(table, run, facts.step, entry);
  const key = visitKey(run, node);
  const { step, inputs, ...rest } = facts;
  const initialAttributes = {
    step,
    ordinal,
    inputs: JSON.stringify(inputs),
    facts: JSON.stringify(rest),
    token,
    tokenNumber,
  };
  const change = { setOnce: { ...initialAttributes, ttl: stragglerTtlSeconds(now) } };
  const { row: before } = await table.write({ kind: 'update', key, change }, 'old');
  const isNewer: Condition = { attribute: 'tokenNumber', is: 'less', value: tokenNumber };
  await table.write({ kind: 'update', key, change: { set: { token, tokenNumber } }, when: [isNewer] });
  const { row } = await table.get(key, { strong: true });
  if (row === undefined) throw new Error(`visit ${node} cannot be read`);
  return { visit: visitOfRow(row), transitions: transitionsUntil(entry, facts, before) };
}

/** Each token belongs to one entry of the state. Messages of some entries may never have arrived. */
function transitionsUntil(
  { tokenNumber }: VisitRequest,
  { transitions }: VisitFacts,
  before: Row | undefined,
): number {
  const known = before?.['tokenNumber'];
  return known === undefined
    ? transitions.before + 1 + tokenNumber
    : Math.max(0, tokenNumber - Number(known));
}

/** Assigns numbers without gaps: the fence of the root counts its children, as every fence does. */
async function assignNode(
  table: Table,
  run: JobRun,
  step: string,
  { after, now }: VisitRequest,
): Promise<{ node: number; ordinal: number }> {
  const key = fenceKey(run, ROOT);
  const attribute = `${VISIT_NODE}${step}:${after.join('.')}`;
  for (;;) {
    const { row = key } = await table.get(key, { strong: true });
    const known = nodesOfStep(row, step);
    const assignedNode = (row as Row)[attribute];
    if (assignedNode !== undefined) {
      const node = Number(assignedNode);
      return { node, ordinal: known.filter((other) => other <= node).length };
    }
    const next = Number((row as Row)['next'] ?? 0);
    const unchanged: Condition =
      next === 0 ? { attribute: 'next', is: 'absent' } : { attribute: 'next', is: 'equal', value: next };
    const fence = {
      from: 0,
      slices: 0,
      items: 0,
      batches: 0,
      sealed: 'no',
      path: ROOT,
      ttl: stragglerTtlSeconds(now),
    };
    const result = await table.write({
      kind: 'update',
      key,
      change: { setOnce: fence, set: { next: next + 1, [attribute]: next } },
      when: [unchanged],
    });
    if (result.kind === 'written') return { node: next, ordinal: known.length + 1 };
  }
}

function nodesOfStep(row: Row | { readonly pk: string }, step: string): number[] {
  return Object.entries(row)
    .filter(([name]) => name.startsWith(`${VISIT_NODE}${step}:`))
    .map(([, node]) => Number(node));
}

/** Returns the number of visits, which are the children of the root. */
export async function countVisits(table: Table, run: JobRun): Promise<number> {
  const { row } = await table.get(fenceKey(run, ROOT), { strong: true });
  return Number(row?.['next'] ?? 0);
}

export async function readVisit(table: Table, run: JobRun, node: number): Promise<Visit | undefined> {
  const { row } = await table.get(visitKey(run, node), { strong: true });
  return row?.['step'] === undefined ? undefined : visitOfRow(row);
}

/** Returns the visits in the order of their nodes. */
export async function listVisits(table: Table, run: JobRun): Promise<Visit[]> {
  const visits: Visit[] = [];
  let after: Readonly<Record<string, unknown>> | undefined;
  do {
    const page = await table.query({
      pk: runRowsPk(run),
      begins: VISIT_ROWS,
      strong: true,
      ...omitUndefined({ after }),
    });
    visits.push(...page.rows.filter((row) => row['step'] !== undefined).map(visitOfRow));
    after = page.next;
  } while (after !== undefined);
  return visits;
}

/** Records outcome codes before the chunk is ticked, so that they are present when the step is complete. */
export async function recordExits(
  table: Table,
  run: JobRun,
  node: number,
  codes: readonly string[],
): Promise<void> {
  const set = Object.fromEntries(codes.map((code) => [`${EXIT}${code}`, true]));
  await table.write({ kind: 'update', key: visitKey(run, node), change: { set } });
}

/** Records the end of the step. The first answer counts. */
export async function recordAnswer(
  table: Table,
  run: JobRun,
  node: number,
  end: { readonly totals: Totals; readonly answer: StepAnswer; readonly isNested: boolean },
): Promise<Visit> {
  const { totals, answer, isNested } = end;
  const change = { setOnce: { totals: JSON.stringify(totals), answer: JSON.stringify(answer), isNested } };
  const { row } = await table.write({ kind: 'update', key: visitKey(run, node), change }, 'new');
  if (row === undefined) throw new Error(`visit ${node} cannot be read`);
  return visitOfRow(row);
}

function visitOfRow(row: Row): Visit {
  const { totals, answer } = row;
  const exits = Object.keys(row).filter((name) => name.startsWith(EXIT));
  return {
    ...parseStored(storedFacts, String(row['facts']), 'visit'),
    step: String(row['step']),
    inputs: parseStored(v.array(integer), String(row['inputs']), 'visit'),
    node: nodeOfVisitKey(row),
    ordinal: Number(row['ordinal']),
    token: String(row['token']),
    isNested: row['isNested'] === true,
    exits: new Set(exits.map((name) => name.slice(EXIT.length))),
    ...(typeof totals === 'string' ? { totals: parseStored(storedTotals, totals, 'totals of a visit') } : {}),
    ...(typeof answer === 'string' ? { answer: parseStored(storedAnswer, answer, 'answer of a visit') } : {}),
  };
}
