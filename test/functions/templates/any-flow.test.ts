import fc from 'fast-check';
import { expect, test } from 'vitest';
import { followFlow } from '../../support/reference-flow.ts';
import { aFlowService, items, step, type TemplateInput } from './a-flow.ts';

const IDS = ['0', '1', '2', '3', '4', '5', '6'];

interface Act {
  readonly fail: readonly string[];
  readonly skip: readonly string[];
  readonly takesFailed: boolean;
}

const subset = fc.subarray(IDS, { maxLength: 2 });
const act = fc.record({ fail: subset, skip: subset, takesFailed: fc.boolean() });

/** A step alone, or parallel ones and the step that joins them. */
const segment = fc.oneof(
  act.map((one) => [one]),
  fc.tuple(act, act, act),
  fc.tuple(act, act, act, act),
);
const segments = fc.array(segment, { minLength: 1, maxLength: 4 });

/** An optional last step: archives of this many outcomes each, of which one fails or is skipped. */
const ending = fc.option(fc.record({ group: fc.integer({ min: 1, max: 8 }), act }), { nil: undefined });
type Ending = typeof ending extends fc.Arbitrary<infer E> ? E : never;

const archiveName = (id: string) => `archive-000${Number(id) + 1}`;

function toldOf({ act: { fail, skip } }: NonNullable<Ending>) {
  return { fail: fail.map(archiveName), skip: skip.map(archiveName) };
}

function archiveStep(archives: NonNullable<Ending>) {
  const { group } = archives;
  return step('archive', toldOf(archives), {
    splitter: 'step-results',
    definition: { group, name: 'archive' },
  });
}

/** The first segment is a plain step: a flow begins with one. */
function templateOf(parts: readonly (readonly Act[])[], archives: Ending) {
  const steps: TemplateInput['steps'] = [];
  const flow: { from: string; on: string; to: string | string[] }[] = [];
  let before = 'begin';
  steps.push(step(before));
  for (const [at, acts] of parts.entries()) {
    const names = acts.map((_, branch) => `s${at}-${branch}`);
    const last = names.at(-1) ?? '';
    const branches = names.slice(0, -1);
    for (const [branch, { fail, skip, takesFailed }] of acts.entries()) {
      const isJoin = branches.length > 0 && branch === branches.length;
      const rules = isJoin ? { after: branches } : {};
      steps.push(step(names[branch] ?? '', { fail, skip }, { takesFailed, ...rules }));
    }
    flow.push({ from: before, on: '*', to: branches.length > 0 ? branches : last });
    before = last;
  }
  if (archives !== undefined) {
    steps.push(archiveStep(archives));
    flow.push({ from: before, on: '*', to: 'archive' });
  }
  return { itemsPerTask: 3, steps, flow };
}

type Outcome = 'succeeded' | 'failed' | 'skipped';

function workedOn({ fail, skip }: Pick<Act, 'fail' | 'skip'>, id: string): Outcome {
  if (fail.includes(id)) return 'failed';
  return skip.includes(id) ? 'skipped' : 'succeeded';
}

/** The expected outcome of each item. */
function expected(parts: readonly (readonly Act[])[], archives: Ending): [string, Outcome][] {
  const acts = new Map<string, Act>(
    parts.flatMap((all, at) => all.map((one, branch) => [`s${at}-${branch}`, one] as const)),
  );
  const story = followFlow(templateOf(parts, archives), {
    begin(step) {
      if (step !== 'archive' || archives === undefined) return IDS.map((id) => ({ id }));
      return IDS.slice(0, Math.ceil(IDS.length / archives.group)).map((id) => ({ id: archiveName(id) }));
    },
    work({ step }, { id }) {
      const told = step === 'archive' ? archives && toldOf(archives) : acts.get(step);
      return { outcome: told === undefined ? 'succeeded' : workedOn(told, id) };
    },
  });
  return story.last.flatMap(([visit]) => (visit?.records ?? []).map(({ id, outcome }) => [id, outcome]));
}

const faults = fc.record({
  /** Calls that fail, by their number; each before or after its effect. */
  failing: fc.array(fc.tuple(fc.nat(250), fc.boolean()), { maxLength: 5 }),
  /** Sends that are made twice, by their number. */
  twice: fc.array(fc.nat(60), { maxLength: 10 }),
  /** Rounds after which nothing was heard of the steps, and after which the job is paused for an hour. */
  silent: fc.array(fc.nat(20), { maxLength: 3 }),
  paused: fc.array(fc.nat(20), { maxLength: 2 }),
});
type FaultPlan = typeof faults extends fc.Arbitrary<infer F> ? F : never;

type Service = ReturnType<typeof aFlowService>['service'];

/** Until it is called off. */
function disturb({ table, queues, objects, machines }: Service, { failing, twice }: FaultPlan): () => void {
  const plan = new Map(failing);
  let calls = 0;
  let isOn = true;
  const guarded = <A extends unknown[], T>(call: (...args: A) => Promise<T>) => {
    return async (...args: A): Promise<T> => {
      calls += 1;
      const isBefore = isOn ? plan.get(calls) : undefined;
      if (isBefore === true) throw new Error('crash');
      const answer = await call(...args);
      if (isBefore === false) throw new Error('crash');
      return answer;
    };
  };
  let sends = 0;
  const send = queues.send.bind(queues);
  const sendTwice: typeof send = async (queue, messages) => {
    sends += 1;
    if (twice.includes(sends)) await send(queue, messages);
    return send(queue, messages);
  };
  table.write = guarded(table.write.bind(table));
  table.transact = guarded(table.transact.bind(table));
  queues.send = guarded(sendTwice);
  objects.putIfAbsent = guarded(objects.putIfAbsent.bind(objects));
  machines.succeed = guarded(machines.succeed.bind(machines));
  return () => {
    isOn = false;
  };
}

async function played(flow: ReturnType<typeof aFlowService>, plan: FaultPlan): Promise<void> {
  const { service } = flow;
  const write = service.table.write.bind(service.table);
  const callOff = disturb(service, plan);
  const tried = (work: Promise<unknown>) => work.catch(() => undefined);
  for (let round = 0; round < 20; round += 1) {
    await tried(service.step());
    if (plan.silent.includes(round)) await service.machines.loseHeartbeats();
    if (!plan.paused.includes(round)) continue;
    await tried(flow.act('pause'));
    service.clock.advance(6_000);
    await tried(service.drain());
    await tried(flow.act('resume'));
  }
  for (let tries = 0; tries < 6; tries += 1) {
    await tried(service.drain());
    service.clock.advance(20 * 60_000);
    await tried(flow.act('resume'));
    // Simulates a redelivered stream record.
    await write({ kind: 'update', key: { pk: 'P#p1#J#j', sk: 'JOB' }, change: { add: { renewals: 1 } } });
  }
  callOff();
}

test('any flow reaches the expected outcomes despite faults, duplicates, pauses and lost messages', async () => {
  await fc.assert(
    fc.asyncProperty(segments, ending, faults, async (parts, archives, plan) => {
      const flow = aFlowService();
      await flow.submit(templateOf(parts, archives), items(...IDS));

      await played(flow, plan);

      const { status, items: counts } = await flow.job();
      const outcomes = await flow.list('items');
      const should = Object.fromEntries(expected(parts, archives));
      const found = Object.keys(should).length;
      expect(outcomes).toHaveLength(found);
      expect(Object.fromEntries(outcomes.map(({ id, outcome }) => [id, outcome]))).toEqual(should);
      const count = (outcome: Outcome) => Object.values(should).filter((one) => one === outcome).length;
      const isLost = count('failed') > 0 && count('succeeded') === 0;
      expect([status, counts]).toMatchObject([
        isLost ? 'Failed' : 'Completed',
        { found, succeeded: count('succeeded'), failed: count('failed'), skipped: count('skipped') },
      ]);
    }),
    { numRuns: 80 },
  );
}, 120_000);
