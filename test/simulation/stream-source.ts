import type { Row } from '#core/ports.ts';
import { bulkOfKey, jobOfKey, partitionOfKey } from '../../functions/store/keys.ts';
import type { Functions, RunningInstance, StreamWork } from './functions.ts';
import type { Surroundings } from './ports.ts';

interface Shard {
  rows: Row[];
  isReading: boolean;
  retryAt: number;
  running: RunningInstance<StreamWork> | undefined;
}

const SHARDS = 2;
const MAX_BATCH = 4;
const RETRY_MILLIS = 1_000;

/** Delivers the table's stream to its function: each shard in order, with retries from the first failure. */
export class StreamSource {
  readonly #surroundings: Surroundings;
  readonly #functions: Functions;
  readonly #shards: Shard[] = Array.from({ length: SHARDS }, () => ({
    rows: [],
    isReading: false,
    retryAt: 0,
    running: undefined,
  }));

  constructor(surroundings: Surroundings, functions: Functions) {
    this.#surroundings = surroundings;
    this.#functions = functions;
  }

  start(): boolean {
    const { world } = this.#surroundings;
    for (const { new: row } of world.table.takeChanges()) {
      if (row !== undefined) this.#shards[shardOf(row.pk)]?.rows.push(row);
    }
    const now = world.clock.now();
    const shard = this.#shards.find(
      ({ rows, isReading, retryAt }) => rows.length > 0 && !isReading && retryAt <= now,
    );
    if (shard === undefined) return false;
    this.#read(shard);
    return true;
  }

  nextDue(): number | undefined {
    const due = this.#shards.filter(({ rows, isReading }) => rows.length > 0 && !isReading);
    return due.length === 0 ? undefined : Math.min(...due.map(({ retryAt }) => retryAt));
  }

  #read(shard: Shard): void {
    const { stage, world, trace, chance } = this.#surroundings;
    const rows = shard.rows.slice(0, chance.between(1, MAX_BATCH));
    if (shard.running === undefined || shard.running.instance.isDead)
      shard.running = this.#functions.dispatcher();
    const { instance, work } = shard.running;
    instance.assignment = { name: instance.name, jobs: new Set(rows.flatMap(runsOfRow)) };
    trace.note(0, instance.name, `← stream ${rows.map(({ pk, sk }) => `${pk} ${sk}`).join(', ')}`);
    shard.isReading = true;
    const release = (): void => {
      shard.isReading = false;
      shard.retryAt = world.clock.now() + RETRY_MILLIS;
    };
    stage.begin(instance, {
      run: () => work(rows),
      onResult: (failedAt) => {
        release();
        if (failedAt === undefined) shard.retryAt = 0;
        this.#advance(shard, failedAt ?? rows.length);
      },
      onError: release,
      onCrash: release,
    });
  }

  #advance(shard: Shard, count: number): void {
    const deliveredRows = shard.rows.slice(0, count);
    shard.rows = shard.rows.slice(count);
    if (this.#surroundings.faults.is('streamRepeat')) shard.rows.push(...deliveredRows);
  }
}

function shardOf(pk: string): number {
  return [...pk].reduce((sum, character) => sum + character.charCodeAt(0), 0) % SHARDS;
}

function runsOfRow(row: Row): string[] {
  const bulk = bulkOfKey(row);
  if (bulk !== undefined) return [`${bulk.partition}/*`];
  const partition = partitionOfKey(row);
  if (partition !== undefined) return [`${partition}/*`];
  const key = jobOfKey(row.pk);
  return key === undefined ? [] : [`${key.partition}/${key.job}`, `${key.partition}/${key.job}/*`];
}
