/** Outcomes of chunks, as workers report them and as the tracker records them. */
import type { ReportMessage } from '#contract/messages.ts';
import type { OutcomeRecord } from '#core/item.ts';
import type { JobRun } from '#core/job.ts';
import { encodeElement, PAGE_SIZE, pageOfChild } from '#core/page.ts';
import type { Objects, Random, Table } from '#core/ports.ts';
import { parentOf, ROOT, type TaskPath } from '#core/task-path.ts';
import { rangeOfLocation, readRange, spilledBlock, writeBlock } from '../../functions/store/blocks.ts';
import { NEW_FENCE, readFence, saveFence } from '../../functions/store/fences.ts';
import { bytesOfData, parseOutcomes } from '../../functions/store/outcomes.ts';
import { touchPage } from '../../functions/store/pages.ts';
import { ChunkFinder } from '../../functions/store/recorded-chunks.ts';
import { SeededRandom, type World } from './memory/world.ts';

/** Returns the outcomes of a chunk in the reports that wait; `undefined` if none has them. */
export async function reportedOutcomes(
  { queues, objects }: Pick<World, 'queues' | 'objects'>,
  index = 0,
  path: TaskPath = ROOT,
): Promise<OutcomeRecord[] | undefined> {
  for (const queue of ['reports', 'results'] as const) {
    const waiting = queues.receive(queue, 1_000);
    for (const { receipt } of waiting) queues.release(queue, receipt);
    for (const { body } of waiting) {
      const report = JSON.parse(body);
      const records = report.kind === 'report' && (await outcomesIn(objects, report, path, index));
      if (records) return records;
    }
  }
  return undefined;
}

async function outcomesIn(
  objects: Objects,
  report: ReportMessage,
  path: TaskPath,
  index: number,
): Promise<OutcomeRecord[] | undefined> {
  let from = 0;
  for (const one of report.outcomes ?? []) {
    const to = from + (one.bytes ?? 0);
    if (one.path === path && one.index === index) {
      if (one.data !== undefined) return parseOutcomes(bytesOfData(one.data));
      const location = { block: spilledBlock(report.outcomesIn ?? ''), from, to };
      return readRange(objects, rangeOfLocation(report, location));
    }
    from = to;
  }
  return undefined;
}

interface StorePorts {
  readonly table: Table;
  readonly objects: Objects;
  readonly random?: Random;
}

/** Returns the recorded outcomes of a chunk. */
export async function recordedOutcomes(
  { table, objects }: StorePorts,
  run: JobRun,
  index = 0,
  path: TaskPath = ROOT,
): Promise<OutcomeRecord[] | undefined> {
  const chunk = await new ChunkFinder(table).find({ run, path }, index);
  return chunk && readRange(objects, chunk.range);
}

export interface RecordedChunk {
  readonly index: number;
  readonly path?: TaskPath;
  readonly itemsPerTask?: number;
}

const random = new SeededRandom(7);

/** Records lines as the outcomes of a chunk, whether they are valid or not. */
export async function recordLines(
  ports: StorePorts,
  run: JobRun,
  { index, path = ROOT, itemsPerTask = 1_000 }: RecordedChunk,
  lines: string,
): Promise<void> {
  const bytes = bytesOfData(lines);
  const block = await writeBlock({ random, ...ports }, run, [bytes]);
  const items = lines.split('\n').filter((line) => line !== '').length;
  const element = encodeElement(index % PAGE_SIZE, { items, failed: 0, skipped: 0 }, itemsPerTask);
  const outcomes = [{ element, location: { block, from: 0, to: bytes.length }, codes: [] }];
  const touch = { run, path, ...pageOfChild(index), elements: new Set([element]), outcomes };
  await touchPage(ports.table, touch, 0);
  await moveFences(ports.table, run, path, index);
}

/** Moves the fences of the node and of those above it behind this child. */
async function moveFences(table: Table, run: JobRun, path: TaskPath, index: number): Promise<void> {
  const parent = parentOf(path);
  if (parent !== undefined) await moveFences(table, run, parent.path, parent.index);
  const fence = (await readFence(table, run, path)) ?? NEW_FENCE;
  await saveFence(table, run, path, { ...fence, next: Math.max(fence.next, index + 1), batches: 1 }, 0);
}
