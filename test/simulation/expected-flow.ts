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

export interface ExpectedFlow extends FlowStory {
  /** Node of each visit; a visit that was not made has none. */
  readonly nodes: ReadonlyMap<FlowVisit, number>;
}

export function expectedFlowOf(truth: RunTruth, flow: FlowTruth): ExpectedFlow {
  const nodes = new Map<FlowVisit, number>();
  const byNode = Map.groupBy([...truth.outcomes], ([address]) => nodeOfPath(address));
  const recordOf = (visit: FlowVisit, id: string): OutcomeRecord | undefined => {
    const node = nodes.get(visit);
    const records = (node === undefined ? [] : (byNode.get(node) ?? [])).flatMap(([, all]) => all);
    return records.find((record) => record.id === id && nodeOfPath(record.path) === node);
  };
  const assignNode = (visit: FlowVisit): void => {
    if (nodes.has(visit)) return;
    for (const before of visit.after) assignNode(before);
    const after = visit.after.map((earlierVisit) => nodes.get(earlierVisit));
    const visitNode = after.includes(undefined) ? undefined : flow.visitNodeOf(visit.step, after as number[]);
    if (visitNode !== undefined) nodes.set(visit, visitNode.node);
  };
  const story = followFlow(flow.spec.template, {
    begin: (step, after) => itemsBegunBy(flow, step, after),
    work(visit, item) {
      assignNode(visit);
      return expectedWork(truth, flow, { visit, item, actual: recordOf(visit, item.id) });
    },
  });
  for (const visit of story.visits) assignNode(visit);
  return { ...story, nodes };
}

function itemsBegunBy({ spec }: FlowTruth, step: string, after: readonly FlowVisit[]): readonly HandedItem[] {
  const splitItems = spec.splitItems.get(step);
  if (splitItems === undefined) return spec.items ?? [];
  if (!('group' in splitItems)) return splitItems;
  const outcomes = after.flatMap(({ records }) => records).length;
  return Array.from({ length: Math.ceil(outcomes / splitItems.group) }, (_, at) => ({
    id: archiveName(step, at),
  }));
}

interface ItemVisit {
  readonly visit: FlowVisit;
  readonly item: HandedItem;
  readonly actual: OutcomeRecord | undefined;
}

function expectedWork(truth: RunTruth, flow: FlowTruth, { visit, item, actual }: ItemVisit): Worked {
  const { spec } = flow;
  const earlier = earlierOf(truth, visit, item.id);
  if (earlier.kind === 'kept') return workOfRecord(earlier.record);
  if (earlier.kind === 'unknown' && actual !== undefined) return workOfRecord(actual);
  const patch = earlier.kind === 'open' ? truth.takeover?.retry.patch : undefined;
  const payload = patch === undefined ? item.payload : withPatch(item.payload, patch);
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

function workOfRecord({ outcome, output, payload, isAnswer, exitCode }: OutcomeRecord): Worked {
  return { outcome, answer: isAnswer === true ? payload : output, payload, code: exitCode };
}

function withPatch(payload: unknown, patch: object): unknown {
  return typeof payload === 'object' && payload !== null ? { ...payload, ...patch } : patch;
}

/** Returns each expected record of a visit with the actual record. */
export function pairsOf(truth: RunTruth, { nodes }: ExpectedFlow, visit: FlowVisit) {
  const node = nodes.get(visit);
  const actual = node === undefined ? [] : recordsOf(truth, node);
  return visit.records.map((expected) => ({
    expected,
    actual: actual.find(({ id }) => id === expected.id),
  }));
}
