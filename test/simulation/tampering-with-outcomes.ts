/** Ways to plant a bug in the recording of outcomes. */
import { omitUndefined } from '#core/omit-undefined.ts';
import { decodeLog } from '#core/outcome-log.ts';
import type { Condition, Row, Write, WriteResult } from '#core/ports.ts';
import { jobOfKey } from '../../functions/store/keys.ts';
import { blockKey } from '../../functions/store/object-keys.ts';
import type { InstancePorts } from './ports.ts';
import { keyOf, withTable } from './tampering.ts';

type Update = Write & { kind: 'update' };

function logOf(row: Row | undefined): readonly string[] {
  return (row?.['o'] as readonly string[] | undefined) ?? [];
}

/** Readers see the log of each page in reverse order. */
export function readingLastFirst(ports: InstancePorts): InstancePorts {
  return withTable(ports, {
    async get(key, options) {
      const { row, units } = await ports.table.get(key, options);
      return row === undefined || key.sk !== 'P'
        ? { ...omitUndefined({ row }), units }
        : { row: { ...row, ...(logOf(row).length > 0 ? { o: logOf(row).toReversed() } : {}) }, units };
    },
  });
}

/** The reply to an update hides what was recorded before. */
export function withoutLog(result: WriteResult): WriteResult {
  if (result.row === undefined) return result;
  const { o: _log, ...row } = result.row;
  return { ...result, row };
}

export function withReplacedLog(write: Update): Update {
  const { append, ...change } = write.change;
  return { ...write, change: { ...change, set: { ...change.set, ...append } } };
}

/** Stores blocks only after the next write of a page. */
export function afterPages(ports: InstancePorts): InstancePorts {
  let held: Parameters<InstancePorts['objects']['putIfAbsent']>[] = [];
  const { objects } = ports;
  return withTable(
    {
      ...ports,
      objects: {
        ...objects,
        async putIfAbsent(...call) {
          held.push(call);
          return 'written';
        },
      },
    },
    {
      async write(write, returns) {
        const result = await ports.table.write(write, returns);
        if (keyOf(write).sk !== 'P') return result;
        const due = held;
        held = [];
        for (const call of due) await objects.putIfAbsent(...call);
        return result;
      },
    },
  );
}

/** Adds the keys of the blocks to which pages refer. */
export function rememberingReferences(ports: InstancePorts, referenced: Set<string>): InstancePorts {
  return withTable(ports, {
    async write(write, returns) {
      const result = await ports.table.write(write, returns);
      const { pk, sk } = keyOf(write);
      const job = jobOfKey(pk);
      const log = write.kind === 'update' ? (write.change.append?.['o'] ?? []) : [];
      if (sk !== 'P' || job === undefined) return result;
      const run = { ...job, runNumber: Number(pk.split('#')[4]?.slice(1)) };
      const recorded = decodeLog([...logOf(result.row), ...(log as string[])]);
      for (const { location } of recorded.values()) referenced.add(blockKey(run, location.block));
      return result;
    },
  });
}

export function listingOnlyReferenced(ports: InstancePorts, referenced: ReadonlySet<string>): InstancePorts {
  const { objects } = ports;
  return {
    ...ports,
    objects: {
      ...objects,
      async list(prefix, options) {
        const page = await objects.list(prefix, options);
        if (!prefix.startsWith('outcomes/')) return page;
        return { ...page, objects: page.objects.filter(({ key }) => referenced.has(key)) };
      },
    },
  };
}

/** Failures are never deleted. */
export function keepingFailures(ports: InstancePorts): InstancePorts {
  return withTable(ports, {
    async write(write, returns) {
      if (write.kind === 'delete' && write.key.sk.startsWith('F#')) return { kind: 'written', units: 0 };
      return ports.table.write(write, returns);
    },
  });
}

/** Writes the list of slowest chunks even if another instance has changed it. */
export function overwritingSlowest(ports: InstancePorts): InstancePorts {
  const isOtherList = (condition: Condition) => 'attribute' in condition && condition.attribute === 'slowest';
  return withTable(ports, {
    write: (write, returns) =>
      ports.table.write(
        { ...write, when: write.when?.filter((condition) => !isOtherList(condition)) } as Write,
        returns,
      ),
  });
}
