/** Numbers in messages and stored values. Larger integers would lose digits. */
import * as v from 'valibot';

export const integer = v.pipe(v.number(), v.safeInteger());
export const count = v.pipe(integer, v.minValue(0));
export const positiveCount = v.pipe(integer, v.minValue(1));
