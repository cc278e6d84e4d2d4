/**
 * Visits of steps: each is a child of the job's root, and its number there is given out by the root's fence, once for
 * each step and what it comes after. So a message that comes twice, or again with a new token, finds its visit.
 */
import type { ItemFailurePolicy, JobRun } from '#core/job.ts';
import type { Totals } from '#core/page.ts';
import type { Condition, Row, Table } from '#core/ports.ts';
import { ROOT } from '#core/task-path.ts';
import type { StepAnswer } from '#core/template/outcome.ts';
import type { StepTransitions } from '#core/template/template.ts';
import { fenceKey, runRowsPk, VISIT_ROWS, visitKey } from './keys.ts';
import { stragglerTtlSeconds } from './retention.ts';

/** What does not change of a visit once it has begun. */
export interface VisitFacts {
  readonly step: string;
  /** Nodes whose items it takes. */
  readonly inputs: readonly number[];
  readonly onItemFailure: ItemFailurePolicy;
  readonly codes: readonly string[];
  readonly failsJob: boolean;
  /** Items of the steps before that only ride along; they are none of this step's failures. */
  readonly carried: Totals;
  /** How long the job had been active when it began; pauses do not count as its time. */
  readonly activeMillis: number;
  /** Whether it splits items of its own. */
  readonly splits: boolean;
  /** Whether it took what failed before. */
  readonly takesFailed: boolean;
  readonly transitions: StepTransitions;
}

export interface Visit extends VisitFacts {
  readonly node: number;
  /** Which visit of its step, from 1. */
  readonly ordinal: number;
  readonly token: string;
  readonly totals?: Totals;
  /** Set once all its items are recorded; whoever has a token of it may be told. */
  readonly answer?: StepAnswer;
  /** Whether its items lie in batches below its node. */
  readonly isNested: boolean;
  /** Codes that workers set. */
  readonly exits: ReadonlySet<string>;
}

const SEAT = 'visit:';
const EXIT = 'exit:';

/** What a state machine asks for: the visit after these nodes, to be told by this token. */
export interface Entry {
  readonly after: readonly number[];
  readonly token: string;
  readonly tokenNumber: number;
  readonly now: number;
}

export interface Entered {
  readonly visit: Visit;
  /** States that were entered for it since its message before. */
  readonly transitions: number;
}

/** The visit of this step on these inputs: the one that stands, or a new one. */
export async function enterVisit(
  table: Table,
  run: JobRun,
  facts: VisitFacts,
  entry: Entry,
): Promise<Entered> {
  const { token, tokenNumber, now } = entry;
  const { node, ordinal } = await takeSeat(table, run, facts.step, entry);
  const key = visitKey(run, node);
  const { step, inputs, ...rest } = facts;
  const first = {
    step,
    ordinal,
    inputs: JSON.stringify(inputs),
    facts: JSON.stringify(rest),
    token,
    tokenNumber,
  };
  const change = { setOnce: { ...first, ttl: stragglerTtlSeconds(now) } };
  const { row: before } = await table.write({ kind: 'update', key, change }, 'old');
  const isNewer: Condition = { attribute: 'tokenNumber', is: 'less', value: tokenNumber };
  await table.write({ kind: 'update', key, change: { set: { token, tokenNumber } }, when: [isNewer] });
  const { row } = await table.get(key, { strong: true });
  if (row === undefined) throw new Error(`visit ${node} cannot be read`);
  return { visit: visitOfRow(row), transitions: transitionsUntil(entry, facts, before) };
}

/** Each token is a state that was entered again; not every one of them came here. */
function transitionsUntil(
  { tokenNumber }: Entry,
  { transitions }: VisitFacts,
  before: Row | undefined,
): number {
  const known = before?.['tokenNumber'];
  return known === undefined
    ? transitions.before + 1 + tokenNumber
    : Math.max(0, tokenNumber - Number(known));
}

/** Numbers without gaps: the fence of the root counts its children, as any fence does. */
async function takeSeat(
  table: Table,
  run: JobRun,
  step: string,
  { after, now }: Entry,
): Promise<{ node: number; ordinal: number }> {
  const key = fenceKey(run, ROOT);
  const seat = `${SEAT}${step}:${after.join('.')}`;
  for (;;) {
    const { row = key } = await table.get(key, { strong: true });
    const known = seatsOf(row, step);
    const taken = (row as Row)[seat];
    if (taken !== undefined) {
      const node = Number(taken);
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
    const answer = await table.write({
      kind: 'update',
      key,
      change: { setOnce: fence, set: { next: next + 1, [seat]: next } },
      when: [unchanged],
    });
    if (answer.outcome === 'written') return { node: next, ordinal: known.length + 1 };
  }
}

function seatsOf(row: Row | { readonly pk: string }, step: string): number[] {
  return Object.entries(row)
    .filter(([name]) => name.startsWith(`${SEAT}${step}:`))
    .map(([, node]) => Number(node));
}

/** How many visits there were: the children of the root. */
export async function countVisits(table: Table, run: JobRun): Promise<number> {
  const { row } = await table.get(fenceKey(run, ROOT), { strong: true });
  return Number(row?.['next'] ?? 0);
}

export async function readVisit(table: Table, run: JobRun, node: number): Promise<Visit | undefined> {
  const { row } = await table.get(visitKey(run, node), { strong: true });
  return row?.['step'] === undefined ? undefined : visitOfRow(row);
}

/** In the order of their nodes. */
export async function listVisits(table: Table, run: JobRun): Promise<Visit[]> {
  const visits: Visit[] = [];
  let after: Readonly<Record<string, unknown>> | undefined;
  do {
    const page = await table.query({
      pk: runRowsPk(run),
      begins: VISIT_ROWS,
      strong: true,
      ...(after === undefined ? {} : { after }),
    });
    visits.push(...page.rows.filter((row) => row['step'] !== undefined).map(visitOfRow));
    after = page.next;
  } while (after !== undefined);
  return visits;
}

/** Before the chunk is ticked: whoever sees the step complete sees its codes. */
export async function noteExits(
  table: Table,
  run: JobRun,
  node: number,
  codes: readonly string[],
): Promise<void> {
  const set = Object.fromEntries(codes.map((code) => [`${EXIT}${code}`, true]));
  await table.write({ kind: 'update', key: visitKey(run, node), change: { set } });
}

/** What the step came to: the first word counts. */
export async function noteAnswer(
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
    ...(JSON.parse(String(row['facts'])) as Omit<VisitFacts, 'step' | 'inputs'>),
    step: String(row['step']),
    inputs: JSON.parse(String(row['inputs'])) as number[],
    node: Number(row.sk.slice(VISIT_ROWS.length)),
    ordinal: Number(row['ordinal']),
    token: String(row['token']),
    isNested: row['isNested'] === true,
    exits: new Set(exits.map((name) => name.slice(EXIT.length))),
    ...(typeof totals === 'string' ? { totals: JSON.parse(totals) as Totals } : {}),
    ...(typeof answer === 'string' ? { answer: JSON.parse(answer) as StepAnswer } : {}),
  };
}
