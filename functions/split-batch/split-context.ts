import type { Job, JobRun } from '#core/job.ts';
import { isFinal } from '#core/job-status.ts';
import { omitUndefined } from '#core/omit-undefined.ts';
import type { Clock, Objects, Table, Web } from '#core/ports.ts';
import type { ListedOutcomes, OutcomeList, SplitContext } from '#core/splitter.ts';
import { type ReadingPorts, readableObjects } from '../sources/readable-objects.ts';
import { readJob } from '../store/jobs.ts';
import { keptFileKey } from '../store/object-keys.ts';
import { outcomeGroups, stepGroups } from '../store/outcome-groups.ts';
import { type ChunkFinder, type OutcomeGroup, recordedChunks } from '../store/recorded-chunks.ts';

export interface SplitContextPorts extends ReadingPorts {
  readonly table: Table;
  readonly objects: Objects;
  readonly web: Web;
  readonly clock: Clock;
}

export interface ContextOfBatch {
  readonly run: JobRun;
  readonly itemsPerTask: number;
  readonly cursor: unknown;
  /** Nodes of the previous steps, if the batch is a step over their outcomes. */
  readonly inputs: readonly number[] | undefined;
  readonly finder: ChunkFinder;
}

export function splitContext(
  ports: SplitContextPorts,
  { run, itemsPerTask, cursor, inputs, finder }: ContextOfBatch,
): SplitContext {
  const { table, web, clock } = ports;
  const readable = readableObjects(ports, run.partition);
  const { partition, job, runNumber } = run;
  const stepBefore = inputs === undefined || inputs.length === 0 ? undefined : stepGroups(run, inputs);
  return {
    partition,
    job,
    runNumber,
    itemsPerTask,
    objects: readable,
    keepFile: async (name, content) => {
      const address = { key: keptFileKey(run, name) };
      if ((await readable.describe(address)) === undefined)
        await ports.objects.putStream(address.key, content());
      return address;
    },
    clock,
    web,
    findJob: (other) => readJob(table, { partition, job: other }),
    findOutcomes: async (other: Job) =>
      listOf(table, await outcomeGroups(table, other), isFinal(other.status)),
    findStepOutcomes: (node) => ({
      ...listOf(table, stepGroups(run, [node])),
      at: async (index) => (await finder.find({ run, path: String(node) }, index))?.range,
    }),
    ...omitUndefined({ stepBefore: stepBefore && listOf(table, stepBefore), cursor }),
  };
}

function listOf(table: Table, groups: readonly OutcomeGroup[], isEnded = false): OutcomeList {
  return {
    async *after(after): AsyncGenerator<ListedOutcomes> {
      for await (const { name, chunk } of recordedChunks(table, groups, { after, isEnded }))
        yield { name, ...omitUndefined({ range: chunk?.range }) };
    },
  };
}
