import * as v from 'valibot';
import { integer } from '#contract/integers.ts';
import type { SplitContext } from '#core/splitter.ts';
import { readStored } from '../../store/stored.ts';

/** A record in a file, as far as every release stores it. The other members are kept. */
export const recordCursor = v.looseObject({ from: integer, line: integer });

/** Returns the cursor at which an earlier invocation ended; `undefined` at the start. */
export function storedCursor<T>(
  schema: v.GenericSchema<unknown, T>,
  { cursor }: Pick<SplitContext, 'cursor'>,
): T | undefined {
  return cursor === undefined ? undefined : readStored(schema, cursor, 'cursor');
}
