import { createWriteStream, mkdirSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Jobtree, ResultPart } from '../../client/index.ts';
import type { Context } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Column } from '../output/table.ts';
import { FileNames } from '../result-names.ts';
import { partitionOf } from '../settings/connection.ts';

interface Options {
  readonly output?: string;
  readonly limit?: number;
}

const DOWNLOADS = 4;

export async function run(context: Context, options: Options, id: string): Promise<ExitCode | undefined> {
  const { output, signal, connect } = context;
  const partition = partitionOf(connect());
  const parts = partition.job(id).results({ limit: options.limit, signal });
  const whenEmpty = `The job ${id} has no result files.`;
  if (options.output !== undefined)
    return download(context, partition, { parts, folder: options.output, whenEmpty });
  const columns: Column<ResultPart>[] = [
    { title: 'FILE', value: ({ filename }) => filename, isFlexible: true },
    { title: 'ITEM', value: ({ itemId }) => itemId, isFlexible: true },
    { title: 'TYPE', value: ({ mimeType }) => mimeType, isFlexible: true },
    { title: 'BYTES', value: ({ sizeBytes }) => sizeBytes, align: 'right' },
    ...(output.isForPeople ? [] : [{ title: 'URL', value: ({ url }: ResultPart) => url }]),
  ];
  const count = await output.list(parts, columns, whenEmpty);
  if (output.isForPeople && count > 0) output.note(`Download them with: jobtree results ${id} -o DIR`);
  return undefined;
}

interface Saved {
  readonly itemId: string;
  readonly file?: string;
  readonly error?: string;
}

async function download(
  { output, signal }: Context,
  partition: Jobtree,
  { parts, folder, whenEmpty }: { parts: AsyncIterable<ResultPart>; folder: string; whenEmpty: string },
): Promise<ExitCode> {
  const names = new FileNames();
  let failed = 0;
  async function* saved(): AsyncGenerator<Saved> {
    for await (const batch of inBatches(parts, DOWNLOADS)) {
      const files = batch.map(async (part): Promise<Saved> => {
        const file = join(folder, names.of(part));
        try {
          await save(await partition.download(part, { signal }), file);
          return { itemId: part.itemId, file };
        } catch (error) {
          signal.throwIfAborted();
          failed += 1;
          return { itemId: part.itemId, error: error instanceof Error ? error.message : String(error) };
        }
      });
      for (const result of await Promise.all(files)) {
        if (result.error !== undefined) output.stderr.write(`error: ${result.itemId}: ${result.error}\n`);
        yield result;
      }
    }
  }
  const columns: Column<Saved>[] = [{ title: 'FILE', value: ({ file }) => file }];
  const count = await output.list(saved(), columns, whenEmpty);
  if (count > 0) output.note(`${count - failed} of ${count} files are in ${folder}`);
  return failed === 0 ? EXIT.ok : EXIT.failed;
}

/** Writes to a draft first, so that a broken download never looks complete. */
async function save({ body }: Response, file: string): Promise<void> {
  mkdirSync(dirname(file), { recursive: true });
  const draft = `${file}.part`;
  try {
    await pipeline(
      body === null ? Readable.from([]) : Readable.fromWeb(body as never),
      createWriteStream(draft),
    );
    await rename(draft, file);
  } finally {
    await rm(draft, { force: true });
  }
}

async function* inBatches<T>(entries: AsyncIterable<T>, size: number): AsyncGenerator<T[]> {
  let batch: T[] = [];
  for await (const entry of entries) {
    batch.push(entry);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
