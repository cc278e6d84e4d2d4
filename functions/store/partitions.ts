/** The row of a partition: its settings and its number of active jobs. */
import * as v from 'valibot';
import { integer } from '#contract/integers.ts';
import { EXPIRY_OPERATIONS } from '#core/expiry-policy.ts';
import { DEFAULT_SETTINGS, type PartitionSettings } from '#core/partition-settings.ts';
import type { Condition, Row, Table } from '#core/ports.ts';
import { partitionKey } from './keys.ts';
import { readStored } from './stored.ts';

export interface PartitionState {
  readonly settings: PartitionSettings;
  /** Incremented with each change of the settings; 0 if they were never set. */
  readonly settingsVersion: number;
  /** Number of jobs that have started and are not final. */
  readonly activeJobs: number;
  readonly lastUpdateTime?: number;
}

export async function readPartition(
  table: Table,
  partition: string,
  options: { strong?: boolean } = {},
): Promise<PartitionState> {
  const { row } = await table.get(partitionKey(partition), options);
  return stateOfRow(row);
}

const storedPolicy = v.looseObject({
  expiryTime: v.string(),
  operation: v.optional(v.picklist(EXPIRY_OPERATIONS)),
});

/** Keeps members of later releases, because the row is written back. */
const storedSettings: v.GenericSchema<unknown, PartitionSettings> = v.looseObject({
  maxActiveJobs: integer,
  suspended: v.boolean(),
  retention: v.string(),
  defaults: v.looseObject({
    priority: v.optional(integer),
    expiry: v.optional(v.record(v.string(), storedPolicy)),
  }),
});

function stateOfRow(row: Row | undefined): PartitionState {
  const stored = row?.['settings'];
  const lastUpdateTime = row?.['lastUpdateTime'];
  return {
    settings: stored === undefined ? DEFAULT_SETTINGS : readStored(storedSettings, stored, 'settings'),
    settingsVersion: Number(row?.['settingsVersion'] ?? 0),
    activeJobs: Number(row?.['activeJobs'] ?? 0),
    ...(lastUpdateTime === undefined ? {} : { lastUpdateTime: Number(lastUpdateTime) }),
  };
}

/**
 * Replaces all settings, and starts the jobs that can start under the new ones. Identical settings change
 * nothing. `check` may throw to prevent the change; it receives the settings that are about to be replaced.
 */
export async function putSettings(
  table: Table,
  partition: string,
  settings: PartitionSettings,
  { now, check }: { now: number; check?: (before: PartitionState) => void },
): Promise<PartitionState> {
  for (;;) {
    const before = await readPartition(table, partition, { strong: true });
    check?.(before);
    if (before.settingsVersion > 0 && isEqual(before.settings, settings)) return before;
    const result = await table.write(
      {
        kind: 'update',
        key: partitionKey(partition),
        change: {
          set: { settings, lastUpdateTime: now, followUp: 'select' },
          add: { settingsVersion: 1, turns: 1 },
        },
        when: [isSettingsVersion(before.settingsVersion)],
      },
      'new',
    );
    if (result.kind === 'written') return stateOfRow(result.row);
  }
}

/** An import statement would read every export of the module, which takes 3 ms at the start of the API. */
function isEqual(one: PartitionSettings, other: PartitionSettings): boolean {
  return process.getBuiltinModule('node:util').isDeepStrictEqual(one, other);
}

export function isSettingsVersion(version: number): Condition {
  return version === 0
    ? { attribute: 'settingsVersion', is: 'absent' }
    : { attribute: 'settingsVersion', is: 'equal', value: version };
}

/**
 * Requests another turn, because more jobs can start than one turn starts. The other partitions have their
 * turns first.
 */
export async function askForTurn(table: Table, partition: string): Promise<void> {
  await table.write({
    kind: 'update',
    key: partitionKey(partition),
    change: { set: { followUp: 'select' }, add: { turns: 1 } },
  });
}

export async function clearTurn(table: Table, partition: string, turn: number): Promise<void> {
  await table.write({
    kind: 'update',
    key: partitionKey(partition),
    change: { remove: ['followUp'] },
    when: [{ attribute: 'turns', is: 'equal', value: turn }],
  });
}
