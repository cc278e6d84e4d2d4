import type { ChunkMessage } from '#contract/messages.ts';
import type { Clock, Log, Web } from '#core/ports.ts';
import { fetchPart, openPart } from '../sources/parts.ts';
import { type ReadingPorts, readableObjects } from '../sources/readable-objects.ts';
import type { JobContext } from './define-worker.ts';

export interface JobContextPorts extends ReadingPorts {
  readonly web: Web;
  readonly clock: Clock;
  readonly log: Log;
}

/** Returns the context that all items of a chunk share. */
export function jobContextOf<P>(
  ports: JobContextPorts,
  { partition, job }: ChunkMessage,
  { parameters, signal }: { readonly parameters: P; readonly signal: AbortSignal },
): JobContext<P> {
  const objects = readableObjects({ ...ports, signal }, partition);
  const { web, clock, caches, log } = ports;
  const partPorts = { objects, web, clock, signal, archives: caches.archives };
  return {
    partition,
    job,
    parameters,
    signal,
    log,
    objects,
    web,
    fetchPart: (part, options) => fetchPart(partPorts, part, options),
    openPart: (part) => openPart(partPorts, part),
  };
}
