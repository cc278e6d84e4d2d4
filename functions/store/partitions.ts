/** The row of a partition: its settings, and how many of its jobs are under way. */
import { isDeepStrictEqual } from 'node:util';
import { DEFAULT_SETTINGS, type PartitionSettings } from '#core/partition-settings.ts';
import type { Condition, Row, Table } from '#core/ports.ts';
import { partitionKey } from './keys.ts';

export interface PartitionState {
  readonly settings: PartitionSettings;
  /** Grows with each change of the settings; 0 where they were never put. */
  readonly settingsVersion: number;
  /** Begun and not final. */
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

function stateOfRow(row: Row | undefined): PartitionState {
  const settings = row?.['settings'] as PartitionSettings | undefined;
  const lastUpdateTime = row?.['lastUpdateTime'];
  return {
    settings: settings ?? DEFAULT_SETTINGS,
    settingsVersion: Number(row?.['settingsVersion'] ?? 0),
    activeJobs: Number(row?.['activeJobs'] ?? 0),
    ...(lastUpdateTime === undefined ? {} : { lastUpdateTime: Number(lastUpdateTime) }),
  };
}

/**
 * The whole of the settings; what could start under them does. The same ones again change nothing. `check` may throw
 * on the very settings that are about to be replaced.
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
    if (before.settingsVersion > 0 && isDeepStrictEqual(before.settings, settings)) return before;
    const answer = await table.write(
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
    if (answer.outcome === 'written') return stateOfRow(answer.row);
  }
}

export function isSettingsVersion(version: number): Condition {
  return version === 0
    ? { attribute: 'settingsVersion', is: 'absent' }
    : { attribute: 'settingsVersion', is: 'equal', value: version };
}

/** More jobs could start than one turn begins: the next turn comes after those of the other partitions. */
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
