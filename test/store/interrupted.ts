import type { Table } from '#core/ports.ts';
import type { MemoryTable } from '../support/memory/table.ts';

/** Runs `between` once, after the next read of the job and before the write that depends on it. */
export function interrupted(table: MemoryTable, between: () => Promise<unknown>): Table {
  let isDone = false;
  return {
    async get(key, options) {
      const answer = await table.get(key, options);
      if (!isDone && key.sk === 'JOB') {
        isDone = true;
        await between();
      }
      return answer;
    },
    write: (write, returns) => table.write(write, returns),
    transact: (writes) => table.transact(writes),
    query: (query) => table.query(query),
  };
}
