/**
 * Blocks: objects with the outcomes of many chunks, one after the other. The tracker writes them from the outcomes in
 * reports. A worker writes one if its outcomes do not fit into a message. The log of a page (`core/outcome-log.ts`)
 * refers to the outcomes of each chunk.
 */
import type { OutcomeRecord } from '#core/item.ts';
import type { JobRun } from '#core/job.ts';
import type { ObjectKey } from '#core/object-address.ts';
import type { Objects, Random } from '#core/ports.ts';
import type { OutcomeLocation } from '#core/recorded-outcomes.ts';
import type { OutcomeRange } from '#core/splitter.ts';
import { blockKey, SPILLED_BLOCK } from './object-keys.ts';
import { parseOutcomes } from './outcomes.ts';

/** Characters of a name. A name that is taken is drawn again. */
const NAME_LENGTH = 8;
const RADIX = 36;

export interface BlockPorts {
  readonly objects: Objects;
  readonly random: Random;
}

/** Writes a block of the tracker. Returns its name, which no other block of the run has. */
export function writeBlock(ports: BlockPorts, run: JobRun, contents: readonly Uint8Array[]): Promise<string> {
  return write(ports, contents, (name) => blockKey(run, name));
}

/** Writes a block of a worker. Returns its name, from which `spilledBlock` makes the block. */
export function writeSpill(ports: BlockPorts, run: JobRun, contents: readonly Uint8Array[]): Promise<string> {
  return write(ports, contents, (name) => blockKey(run, spilledBlock(name)));
}

async function write(
  { objects, random }: BlockPorts,
  contents: readonly Uint8Array[],
  keyOf: (name: string) => ObjectKey,
): Promise<string> {
  const body = Buffer.concat(contents);
  for (;;) {
    const name = Math.floor(random.next() * RADIX ** NAME_LENGTH)
      .toString(RADIX)
      .padStart(NAME_LENGTH, '0');
    const written = await objects.putIfAbsent(keyOf(name), body, { contentType: 'application/octet-stream' });
    if (written === 'written') return name;
  }
}

export function spilledBlock(name: string): string {
  return `${SPILLED_BLOCK}${name}`;
}

export function rangeOfLocation(
  run: JobRun,
  { block, from, to }: OutcomeLocation,
): OutcomeRange & { key: ObjectKey } {
  return { key: blockKey(run, block), from, to };
}

/** Returns the outcomes of a chunk; `undefined` if the object is missing. */
export async function readRange(
  objects: Pick<Objects, 'get'>,
  { key, from, to }: OutcomeRange & { readonly key: ObjectKey },
): Promise<OutcomeRecord[] | undefined> {
  if (from === to) return [];
  const bytes = await objects.get({ key }, { from, to });
  return bytes && parseOutcomes(bytes);
}
