/** Runs the splitter `lines` on files in memory, through all its levels, as the service does. */

import type { ObjectAddress } from '#core/object-address.ts';
import type { Child, SourceAddress, SplitContext, Splitter } from '#core/splitter.ts';
import { lines } from '../../../../functions/split-batch/splitters/lines.ts';
import { linesFile, linesRange } from '../../../../functions/split-batch/splitters/lines-file.ts';
import { parsedBy } from '../../../support/parsed-by.ts';

export interface FoundItem {
  readonly id: string;
  readonly payload?: unknown;
  readonly problem?: string;
}

const SPLITTERS = new Map<string, Splitter>(
  [lines, linesFile, linesRange].map((one) => [one.name, one as Splitter]),
);

export interface ReadOptions {
  /** True to end each split at its first checkpoint, and to continue from there. */
  readonly isInterrupted?: boolean;
  /** Called with the number of batches of the last level. */
  readonly onRanges?: (count: number) => void;
  /** Called for each request for bytes of the source. */
  readonly onRead?: (bytes: number) => void;
}

/** Returns the items in the order of the file. */
export async function readLinesFile(
  bytes: Uint8Array | string,
  definition: object,
  { isInterrupted = false, onRanges, onRead }: ReadOptions = {},
): Promise<FoundItem[]> {
  const content = Buffer.from(bytes);
  const found: FoundItem[] = [];
  const files = new Map<string, Buffer>();
  let ranges = 0;
  const open: { splitter: string; definition: unknown; cursor?: unknown }[] = [
    { splitter: 'lines', definition: { source: 's3://b/file', ...definition } },
  ];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const splitter = SPLITTERS.get(next.splitter);
    if (splitter === undefined) throw new Error(`no splitter ${next.splitter}`);
    const context = { ...contextOf(content, files, onRead), cursor: next.cursor } as SplitContext;
    const parsed = parsedBy(splitter.definition, JSON.parse(JSON.stringify(next.definition)));
    const below: typeof open = [];
    for await (const child of splitter.split(parsed, context) as AsyncIterable<Child>) {
      if (child.kind === 'item') found.push(itemOf(child));
      if (child.kind === 'batch') {
        ranges += child.splitter === linesRange.name ? 1 : 0;
        below.push({ splitter: child.splitter ?? '', definition: child.definition });
      }
      if (child.kind !== 'checkpoint' || !isInterrupted) continue;
      below.push({ ...next, cursor: JSON.parse(JSON.stringify(child.cursor)) });
      break;
    }
    // The first batch is on top, so that items are found in the order of the file.
    open.push(...below.toReversed());
  }
  onRanges?.(ranges);
  return found;
}

function itemOf({ id, payload, problem }: Child & { kind: 'item' }): FoundItem {
  return { id, ...(payload !== undefined && { payload }), ...(problem !== undefined && { problem }) };
}

function contextOf(
  content: Buffer,
  files: Map<string, Buffer>,
  onRead: (bytes: number) => void = () => undefined,
): Partial<SplitContext> {
  const bytesOf = (address: SourceAddress) => ('key' in address && files.get(address.key)) || content;
  return {
    itemsPerTask: 2,
    objects: {
      resolve: () => ({ key: 'file' }) as SourceAddress,
      locate: ({ key }) => ({ key }) as never,
      describe: async (address) => ({ sizeBytes: bytesOf(address).length, etag: 'e' }),
      get: async (address, { from, to } = { from: 0, to: content.length }) => {
        const bytes = bytesOf(address).subarray(from, to);
        if (bytesOf(address) === content) onRead(bytes.length);
        return bytes;
      },
      list: async () => ({ objects: [] }),
    },
    keepFile: async (name, read) => {
      const blocks: Uint8Array[] = [];
      if (!files.has(name)) for await (const block of read()) blocks.push(block);
      if (!files.has(name)) files.set(name, Buffer.concat(blocks));
      return { key: name } as ObjectAddress;
    },
  };
}
