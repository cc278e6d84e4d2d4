import { beforeAll, expect, test } from 'vitest';
import { MAX_PIPELINE_WORKERS } from '#contract/create-job.ts';
import { MAX_CHUNK_HOPS } from '../../functions/kit/settle-chunk.ts';
import { MAX_REDRIVES } from '../../functions/read-dead-letters/read-dead-letters.ts';
import { MAX_HOPS } from '../../functions/split-batch/split-batch.ts';
import { shippedWorkers } from '../../lib/shipped-workers.ts';
import { type Synthesized, synthesize, target } from './synthesized.ts';

/**
 * Lambda stops a function that ran about 16 times in one chain of messages. The budget leaves room for
 * redeliveries.
 */
const CHAIN_BUDGET = 12;

/**
 * Maximum number of runs of each function that can reach itself through queues. A new loop in the stack fails
 * the test until its bound is listed here. The table's stream starts a new chain, so no chain includes
 * dispatch-jobs.
 */
const BOUNDS: Readonly<Record<string, number>> = {
  'split-batch': MAX_HOPS,
  'track-results': MAX_PIPELINE_WORKERS + 1,
  'read-dead-letters': MAX_REDRIVES + 1,
  ...Object.fromEntries(
    [...shippedWorkers({ documents: true }).keys()].map((name) => [name, MAX_CHUNK_HOPS]),
  ),
};

let synthesized: Synthesized;

beforeAll(() => {
  synthesized = synthesize();
});

test("no function disables Lambda's loop detection", () => {
  for (const [, { Properties }] of synthesized.ofType('AWS::Lambda::Function')) {
    expect(Properties['RecursiveLoop'] ?? 'Terminate').toBe('Terminate');
  }
});

test('every function that can reach itself through queues does so within the budget', () => {
  const next = functionsAfter();
  const loops = [...next.keys()].filter((name) => reachable(next, name).has(name));

  expect(loops.sort()).toEqual(Object.keys(BOUNDS).sort());
  for (const [name, bound] of Object.entries(BOUNDS)) {
    expect(bound, `${name} runs too often in a chain`).toBeLessThanOrEqual(CHAIN_BUDGET);
  }
});

/** Returns, for each function, the functions that its messages can reach, directly or as dead letters. */
function functionsAfter(): ReadonlyMap<string, ReadonlySet<string>> {
  const names = new Map([...synthesized.functions].map(([name, id]) => [id, name]));
  const consumers = new Map(
    synthesized
      .ofType('AWS::Lambda::EventSourceMapping')
      .map(([, { Properties }]) => [
        target(Properties['EventSourceArn']),
        names.get(target(Properties['FunctionName'])) ?? '',
      ]),
  );
  const deadLetters = new Map(
    synthesized
      .ofType('AWS::SQS::Queue')
      .map(([id, { Properties }]) => [id, target(Properties['RedrivePolicy']?.deadLetterTargetArn ?? {})]),
  );
  return new Map(
    [...synthesized.functions].map(([name, id]) => {
      const queues = sendsTo(id).flatMap((queue) => [queue, deadLetters.get(queue) ?? '']);
      return [name, new Set(queues.flatMap((queue) => consumers.get(queue) ?? []))];
    }),
  );
}

function sendsTo(functionId: string): string[] {
  const lambda = new Map(synthesized.ofType('AWS::Lambda::Function')).get(functionId);
  const role = new Map(synthesized.ofType('AWS::IAM::Role')).get(target(lambda?.Properties['Role']));
  const statements: { Action: string; Resource: unknown }[] =
    role?.Properties['Policies'][0].PolicyDocument.Statement;
  return statements
    .filter(({ Action }) => Action === 'sqs:SendMessage')
    .flatMap(({ Resource }) => [Resource].flat().map(target));
}

function reachable(next: ReadonlyMap<string, ReadonlySet<string>>, from: string): Set<string> {
  const seen = new Set<string>();
  const open = [...(next.get(from) ?? [])];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (seen.has(name)) continue;
    seen.add(name);
    open.push(...(next.get(name) ?? []));
  }
  return seen;
}
