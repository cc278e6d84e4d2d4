/** Numbers and texts that many views have, so that their units are said once. */
import * as z from 'zod';

export const count = z.int().min(0);

/** `what` begins with a capital letter and ends without a point. */
export function timeOf(what: string) {
  return z.int().min(0).describe(`${what}, in milliseconds since 1970.`);
}

/** Paths below the base address of the API, by what is found there. */
export const links = z.record(z.string(), z.string().regex(/^\//)).describe('Paths below the base address.');
