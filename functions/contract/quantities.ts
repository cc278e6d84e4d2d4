/** Schemas that many views share, so that their units are stated once. */
import * as z from 'zod';
import { MAX_ITEMS_PER_TASK } from '#core/items-per-task.ts';

export const count = z.int().min(0);

/** Number of items in a chunk. Without it, the workers decide. */
export const itemsPerTask = z.int().min(1).max(MAX_ITEMS_PER_TASK).optional();

/** `what` begins with a capital letter and ends without a period. */
export function timeOf(what: string) {
  return z.int().min(0).describe(`${what}, in milliseconds since 1970.`);
}

export const MINUTE_MILLIS = 60_000;

/** A rate as `roundedRate` returns it. */
export const itemsPerMinute = z.number().min(0);

/** Rounds a rate to a whole number, or to two decimals below 10, where slow jobs need them. */
export function roundedRate(rate: number): number {
  return rate < 10 ? Math.round(rate * 100) / 100 : Math.round(rate);
}

/** Related paths below the base address of the API, by name. */
export const links = z.record(z.string(), z.string().regex(/^\//)).describe('Paths below the base address.');
