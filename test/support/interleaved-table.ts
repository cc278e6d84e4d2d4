import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Random, Table } from '#core/ports.ts';

const MAX_TURNS = 6;

/** A table that completes each call after a seeded number of turns, so that concurrent requests overtake each other. */
export function interleavedTable(table: Table, random: Random): Table {
  const late = async <T>(perform: () => Promise<T>): Promise<T> => {
    await turns(random);
    const answer = await perform();
    await turns(random);
    return answer;
  };
  return {
    get: (key, options) => late(() => table.get(key, options)),
    write: (write, returns) => late(() => table.write(write, returns)),
    query: (query) => late(() => table.query(query)),
    transact: (writes) => late(() => table.transact(writes)),
  };
}

async function turns(random: Random): Promise<void> {
  for (let left = Math.floor(random.next() * MAX_TURNS); left > 0; left -= 1) await nextTurn();
}
