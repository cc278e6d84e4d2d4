import type { Clock, Log, LogFields, QueueName, Random } from '#core/ports.ts';
import { guardedWeb } from '../../../functions/aws/web.ts';
import { MemoryObjects } from '../../../functions/kit/testing/memory-objects.ts';
import { MemoryQueues, type QueueOptions } from './queues.ts';
import { MemoryStateMachines, type StateMachinesOptions } from './state-machines.ts';
import { MemoryTable, type MemoryTableOptions } from './table.ts';

/** 2026-01-01. */
const START = 1_767_225_600_000;

/** A clock that moves only when a test advances it. */
export class VirtualClock implements Clock {
  #now: number;

  constructor(start = START) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  advance(millis: number): void {
    this.#now += millis;
  }

  async sleep(millis: number): Promise<void> {
    this.advance(millis);
  }

  /** Moves forward to a moment; one that is past changes nothing. */
  advanceTo(moment: number): void {
    this.#now = Math.max(this.#now, moment);
  }
}

/** The same seed gives the same numbers. IDs sort in the order of their creation. */
export class SeededRandom implements Random {
  #state: number;
  #ids = 0;

  constructor(seed = 1) {
    this.#state = seed | 0;
  }

  /** Mulberry32. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixedState = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixedState ^= mixedState + Math.imul(mixedState ^ (mixedState >>> 7), mixedState | 61);
    return ((mixedState ^ (mixedState >>> 14)) >>> 0) / 2 ** 32;
  }

  id(): string {
    this.#ids += 1;
    return this.#ids.toString(32).padStart(26, '0');
  }
}

interface LogRecord {
  readonly level: 'info' | 'warn' | 'alarm';
  readonly message: string;
  readonly fields: LogFields;
}

class RecordingLog implements Log {
  readonly records: LogRecord[] = [];

  info(message: string, fields: LogFields = {}): void {
    this.records.push({ level: 'info', message, fields });
  }

  warn(message: string, fields: LogFields = {}): void {
    this.records.push({ level: 'warn', message, fields });
  }

  alarm(message: string, fields: LogFields = {}): void {
    this.records.push({ level: 'alarm', message, fields });
  }

  messages(level: LogRecord['level']): string[] {
    return this.records.filter((record) => record.level === level).map(({ message }) => message);
  }
}

export interface WorldOptions {
  readonly seed?: number;
  readonly start?: number;
  readonly table?: MemoryTableOptions;
  readonly machines?: StateMachinesOptions;
  /** @default split, results, reports, unroutable and `worker:work` */
  readonly queues?: Readonly<Partial<Record<QueueName, QueueOptions>>>;
}

const QUEUES = { split: {}, results: {}, reports: {}, unroutable: {}, 'worker:work': {} };

/** All ports in memory, on one clock. The web port is real, for servers on this machine. */
export function memoryWorld({ seed, start, table, machines, queues = QUEUES }: WorldOptions = {}) {
  const clock = new VirtualClock(start);
  const memoryQueues = new MemoryQueues(clock, queues);
  return {
    clock,
    table: new MemoryTable(table),
    queues: memoryQueues,
    machines: new MemoryStateMachines(memoryQueues, clock, machines),
    objects: new MemoryObjects(() => clock.now()),
    web: guardedWeb({ isLocal: true }),
    random: new SeededRandom(seed),
    log: new RecordingLog(),
  };
}

export type World = ReturnType<typeof memoryWorld>;
