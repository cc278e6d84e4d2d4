/** Schemas that many views share, so that their units are stated once. */
import * as z from 'zod';

export const count = z.int().min(0);

/** `what` begins with a capital letter and ends without a period. */
export function timeOf(what: string) {
  return z.int().min(0).describe(`${what}, in milliseconds since 1970.`);
}

/** Related paths below the base address of the API, by name. */
export const links = z.record(z.string(), z.string().regex(/^\//)).describe('Paths below the base address.');
