import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Random, Table } from '#core/ports.ts';

const MAX_TURNS = 6;

/** A table that completes each call after a seeded number of turns, so that concurrent requests overtake each other. */
export function interleavedTable(table: Table, random: Random): Table {
  const delayed = async <T>(perform: () => Promise<T>): Promise<T> => {
    await turns(random);
    const result = await perform();
    await turns(random);
    return result;
  };
  return {
    get: (key, options) => delayed(() => table.get(key, options)),
    write: (write, returns) => delayed(() => table.write(write, returns)),
    query: (query) => delayed(() => table.query(query)),
    transact: (writes) => delayed(() => table.transact(writes)),
  };
}

async function turns(random: Random): Promise<void> {
  for (let remaining = Math.floor(random.next() * MAX_TURNS); remaining > 0; remaining -= 1) await nextTurn();
}
