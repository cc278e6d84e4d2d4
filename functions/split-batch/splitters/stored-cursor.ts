import type * as v from 'valibot';
import type { SplitContext } from '#core/splitter.ts';
import { readStored } from '../../store/stored.ts';

/** Returns the cursor at which an earlier invocation ended; `undefined` at the start. */
export function storedCursor<T>(
  schema: v.GenericSchema<unknown, T>,
  { cursor }: Pick<SplitContext, 'cursor'>,
): T | undefined {
  return cursor === undefined ? undefined : readStored(schema, cursor, 'cursor');
}
