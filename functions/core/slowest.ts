/** The chunks of a run that ran longest. */
import { parentOf, type TaskPath } from './task-path.ts';

export interface ChunkTime {
  /** Position of the chunk in the tree. */
  readonly path: TaskPath;
  /** Time that its items ran, in all its invocations. */
  readonly millis: number;
}

/** Number of chunks that a run keeps. */
export const MAX_SLOWEST = 10;

/** Faster chunks are not reported, so that jobs of fast chunks have nothing to carry and to merge. */
export const MIN_SLOW_MILLIS = 100;

/**
 * Returns the slowest chunks, the longest time first. A chunk that ran twice counts with its longer time. The result is
 * the same in any order and with repetitions, so reports may arrive twice.
 */
export function slowestOf(times: readonly ChunkTime[]): ChunkTime[] {
  const longest = new Map<TaskPath, ChunkTime>();
  for (const time of times) {
    if (time.millis > (longest.get(time.path)?.millis ?? -1)) longest.set(time.path, time);
  }
  return [...longest.values()].toSorted(byTime).slice(0, MAX_SLOWEST);
}

function byTime(one: ChunkTime, other: ChunkTime): number {
  return other.millis - one.millis || (one.path < other.path ? -1 : 1);
}

/** Returns the form in which a row keeps the chunks. One string can be compared in a condition. */
export function encodeSlowest(times: readonly ChunkTime[]): string {
  return times.map(({ path, millis }) => `${path}=${millis}`).join(' ');
}

/** Reads the form of a row. Skips entries that are not valid. */
export function decodeSlowest(text: string): ChunkTime[] {
  return text.split(' ').flatMap((entry) => {
    const [path = '', millis = ''] = entry.split('=');
    return parentOf(path) === undefined || !/^\d+$/.test(millis) ? [] : [{ path, millis: Number(millis) }];
  });
}
