import type { Clock, Log, Objects, Random, StateMachines, Table } from '#core/ports.ts';
import { orUnreachable } from './reachable.ts';
import type { Registry } from './registry.ts';

/** Ports and settings that the creation of a job depends on. */
export interface CreationPorts {
  readonly table: Table;
  readonly objects: Objects;
  readonly machines: StateMachines;
  readonly registry: Registry;
  /** Maximum number of items of a job. */
  readonly maxItems: number;
  /** Longest time that a job may be Active without progress: an ISO 8601 duration, or `none`. */
  readonly idleLimit: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** Returns the ports with stores that throw `store-unreachable` when a call fails. */
export function reachablePorts<T extends Pick<CreationPorts, 'table' | 'objects'>>(ports: T): T {
  return {
    ...ports,
    table: orUnreachable(ports.table, 'table of jobs'),
    objects: orUnreachable(ports.objects, 'store of objects'),
  };
}
