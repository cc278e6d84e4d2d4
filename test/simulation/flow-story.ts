/**
 * Computes the expected results of a run from its template. The reference flow knows only which failures
 * faults caused.
 */
import type { OutcomeRecord } from '#core/item.ts';
import {
  type FlowStory,
  type FlowVisit,
  followFlow,
  type HandedItem,
  type Worked,
} from '../support/reference-flow.ts';
import { CODES_OF_FAULTS } from './fault-codes.ts';
import { actOf, CODES } from './flow-acts.ts';
import { archiveName } from './flow-specs.ts';
import { earlierOf, type FlowTruth, nodeOfPath, recordsOf } from './flow-truth.ts';
import type { RunTruth } from './truth.ts';
import { expectedOutcome } from './workers.ts';

export interface Told extends FlowStory {
  /** Node of each visit; a visit that was not made has none. */
  readonly nodes: ReadonlyMap<FlowVisit, number>;
}

export function storyOf(truth: RunTruth, flow: FlowTruth): Told {
  const nodes = new Map<FlowVisit, number>();
  const byNode = Map.groupBy([...truth.outcomes], ([address]) => nodeOfPath(address));
  const recorded = (visit: FlowVisit, id: string): OutcomeRecord | undefined => {
    const node = nodes.get(visit);
    const records = (node === undefined ? [] : (byNode.get(node) ?? [])).flatMap(([, all]) => all);
    return records.find((record) => record.id === id && nodeOfPath(record.path) === node);
  };
  const place = (visit: FlowVisit): void => {
    if (nodes.has(visit)) return;
    for (const before of visit.after) place(before);
    const after = visit.after.map((one) => nodes.get(one));
    const seat = after.includes(undefined) ? undefined : flow.seatOf(visit.step, after as number[]);
    if (seat !== undefined) nodes.set(visit, seat.node);
  };
  const story = followFlow(flow.spec.template, {
    begin: (step, after) => begunBy(flow, step, after),
    work(visit, item) {
      place(visit);
      return workedOn(truth, flow, { visit, item, actual: recorded(visit, item.id) });
    },
  });
  for (const visit of story.visits) place(visit);
  return { ...story, nodes };
}

function begunBy({ spec }: FlowTruth, step: string, after: readonly FlowVisit[]): readonly HandedItem[] {
  const begun = spec.begins.get(step);
  if (begun === undefined) return spec.items ?? [];
  if (!('group' in begun)) return begun;
  const outcomes = after.flatMap(({ records }) => records).length;
  return Array.from({ length: Math.ceil(outcomes / begun.group) }, (_, at) => ({
    id: archiveName(step, at),
  }));
}

interface Place {
  readonly visit: FlowVisit;
  readonly item: HandedItem;
  readonly actual: OutcomeRecord | undefined;
}

function workedOn(truth: RunTruth, flow: FlowTruth, { visit, item, actual }: Place): Worked {
  const { spec } = flow;
  const earlier = earlierOf(truth, visit, item.id);
  if (earlier.kind === 'kept') return workedBefore(earlier.record);
  if (earlier.kind === 'unknown' && actual !== undefined) return workedBefore(actual);
  const patch = earlier.kind === 'open' ? truth.takeover?.retry.patch : undefined;
  const payload = patch === undefined ? item.payload : patched(item.payload, patch);
  const task = spec.tasks.get(visit.step) ?? { step: visit.step, letters: {} };
  const { letter, answer } = actOf(task, { ...item, payload });
  const code = actual?.failure?.code ?? '';
  // The worker's large answer could not be stored in any attempt.
  if (CODES_OF_FAULTS.includes(code) || (letter === 'b' && code === 'worker-error'))
    return { outcome: 'failed', payload };
  const maxAttempts = spec.template.steps.find(({ name }) => name === visit.step)?.maxAttempts ?? 1;
  const wasTried = earlier.kind === 'open' && earlier.record.attempts > 0;
  const outcome = expectedOutcome(letter, { maxAttempts, pipeline: [] }, wasTried);
  return outcome === 'succeeded' ? { outcome, answer, payload, code: CODES[letter] } : { outcome, payload };
}

function workedBefore({ outcome, output, payload, isAnswer, exitCode }: OutcomeRecord): Worked {
  return { outcome, answer: isAnswer === true ? payload : output, payload, code: exitCode };
}

function patched(payload: unknown, patch: object): unknown {
  return typeof payload === 'object' && payload !== null ? { ...payload, ...patch } : patch;
}

/** Returns each expected record of a visit with the actual record. */
export function pairsOf(truth: RunTruth, { nodes }: Told, visit: FlowVisit) {
  const node = nodes.get(visit);
  const actual = node === undefined ? [] : recordsOf(truth, node);
  return visit.records.map((expected) => ({
    expected,
    actual: actual.find(({ id }) => id === expected.id),
  }));
}
