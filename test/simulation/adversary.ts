/**
 * Simulates interference from outside the functions: forged messages from workers, and deleted objects. A
 * worker can send to two queues only: its own and the one for reports.
 */
import type { QueueName } from '#core/ports.ts';
import { canonicalJson } from '../../functions/creation/canonical.ts';
import { aChunk } from '../support/chunks.ts';
import type { Surroundings } from './ports.ts';
import type { RunTruth } from './truth.ts';

/** Matches the keys of objects that messages refer to. */
export const CLAIMS = /^(chunks|definitions)\//;

/** Limit of each kind per schedule. A job whose every message is forged reveals nothing about other bugs. */
const MAX_OF_EACH_KIND = 6;

export class Adversary {
  readonly #surroundings: Surroundings;
  #forgeries = 0;
  #losses = 0;

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
  }

  /** Starts a forgery or a deletion. Returns true if it did either. */
  start(): boolean {
    const { faults } = this.#surroundings;
    if (this.#forgeries < MAX_OF_EACH_KIND && faults.is('forgery')) return this.#forge();
    if (this.#losses < MAX_OF_EACH_KIND && faults.is('claimLoss')) return this.#loseClaim();
    return false;
  }

  #forge(): boolean {
    const { watch, chance, world, trace } = this.#surroundings;
    const truths = [...watch.runs.values()].filter(({ endedAt }) => endedAt === undefined);
    if (truths.length === 0) return false;
    const truth = chance.pick(truths);
    const forgery = chance.pick(forgeriesOf(truth, chance.pick(truths)));
    const body = JSON.stringify(forgery);
    const queue: QueueName = chance.pick(['reports', 'worker:first']);
    this.#forgeries += 1;
    watch.forgeries.add(canonicalJson(forgery));
    trace.note(0, 'a worker', `forges ${body} for ${queue}`);
    void world.queues.send(queue, [{ body, group: truth.run.partition }]);
    return true;
  }

  #loseClaim(): boolean {
    const { watch, chance, world, trace } = this.#surroundings;
    const keys = world.objects.keys().filter((key) => CLAIMS.test(key));
    if (keys.length === 0) return false;
    const key = chance.pick(keys);
    this.#losses += 1;
    trace.note(0, 'an operator', `deletes ${key}`);
    void watch.recordLoss(key);
    void world.objects.delete([key]);
    return true;
  }
}

/** Returns messages that would end, stall or corrupt a job if the tracker trusted them. */
function forgeriesOf({ run }: RunTruth, { run: other }: RunTruth): object[] {
  const seal = { v: 1, kind: 'seal', ...run, path: '', children: 0, itemsPerTask: 1 };
  const chunk = aChunk({ ...other, worker: 'third', items: [{ id: 'forged' }] });
  const report = { v: 1, kind: 'report', ...run, itemsPerTask: 1, nodes: [] };
  return [
    seal,
    { v: 1, kind: 'flow', ...run, outcome: 'failed', error: { Error: 'forged', Cause: 'forged' } },
    { v: 1, kind: 'held', ...run, queue: 'results', bodies: [JSON.stringify(seal)] },
    { ...report, forward: [chunk] },
  ];
}
