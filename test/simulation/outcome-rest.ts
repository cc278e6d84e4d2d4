/** Checks the recorded outcomes after all activity has ended, as users see them. */
import type { ItemView } from '#contract/item-view.ts';
import { itemOfFailure, shortenId } from '#core/failure.ts';
import type { OutcomeRecord } from '#core/item.ts';
import { jobOfKey } from '../../functions/store/keys.ts';
import type { World } from '../support/memory/world.ts';
import { shownItems } from './api-calls.ts';
import type { Wiring } from './functions.ts';
import type { InstancePorts, Surroundings } from './ports.ts';
import { type RunTruth, runId } from './truth.ts';
import type { Watch } from './watch.ts';

export async function checkOutcomesAtRest(surroundings: Surroundings, wiring: Wiring): Promise<void> {
  const { watch, world } = surroundings;
  const ports = directPorts(world);
  const reader = { ...world, ...(wiring.ports?.('api', ports) ?? ports) };
  for (const key of watch.chronicle.jobs()) {
    const { job } = watch.chronicle.current(key);
    const truth = job && watch.truthOf(job);
    if (truth === undefined || truth.isDeleted) continue;
    if (truth.flow === undefined)
      await checkItems(watch, await shownItems(reader, watch.scenario, key), truth);
  }
  checkFailureRows(surroundings);
}

/** Checks that the API lists every recorded item once, with its first outcome in the newest run. */
async function checkItems(watch: Watch, items: readonly ItemView[], truth: RunTruth): Promise<void> {
  const shown = items.map(textOf).sort();
  const expected = [...truth.newestOutcomes().values()].flat().map(textOf).sort();
  if (shown.join() !== expected.join())
    watch.violated('each recorded item is listed once', `${runId(truth.run)}: ${shown} of ${expected}`);
}

function textOf({ id, outcome, attempts }: ItemView | OutcomeRecord): string {
  return `${id} ${outcome} ${attempts}`;
}

/** Checks that each stored failure of an item is the one of its recorded outcome. */
function checkFailureRows({ world, watch }: Surroundings): void {
  for (const row of world.table.rows()) {
    const key = jobOfKey(row.pk);
    if (!row.sk.startsWith('F#') || key === undefined) continue;
    const truth = watch.truthOf({ ...key, runNumber: Number(row.pk.split('#')[4]?.slice(1)) });
    const failed = itemOfFailure(String(row['failureId']));
    const records = failed && truth.newest(`${failed.path}/${failed.index}`);
    // If a job ended early, failures may be stored although their chunk was not recorded.
    if (failed === undefined || records === undefined || truth.isDeleted) continue;
    const record = records.find(({ id }) => shortenId(id) === failed.item);
    if (record?.outcome !== 'failed')
      watch.violated(
        'only recorded failures are listed',
        `${runId(truth.run)} ${row['failureId']}: ${JSON.stringify(record)}`,
      );
  }
}

/** The ports of the world without faults. Planted bugs replace single methods. */
function directPorts({ table, objects, queues, machines, clock }: World): InstancePorts {
  return {
    machines,
    clock,
    table: {
      get: (key, options) => table.get(key, options),
      query: (query) => table.query(query),
      write: (write, returns) => table.write(write, returns),
      transact: (writes) => table.transact(writes),
    },
    objects: {
      put: (key, body) => objects.put(key, body),
      putIfAbsent: (key, body) => objects.putIfAbsent(key, body),
      putStream: (key, body) => objects.putStream(key, body),
      get: (address, range) => objects.get(address, range),
      describe: (address) => objects.describe(address),
      list: (prefix, options) => objects.list(prefix, options),
      delete: (keys) => objects.delete(keys),
    },
    queues: {
      has: (queue) => queues.has(queue),
      send: (queue, messages) => queues.send(queue, messages),
    },
    log: { info: () => undefined, warn: () => undefined, alarm: () => undefined },
  };
}
