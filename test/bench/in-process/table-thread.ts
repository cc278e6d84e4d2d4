/** A table in a thread of its own, so that its rows are not in the measured heap. */
import { once } from 'node:events';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import type { Write, WriteResult } from '#core/ports.ts';
import { rowBytes } from '#core/units.ts';
import { MemoryTable } from '../../support/memory/table.ts';

type Request = { readonly write: Write; readonly returns?: 'old' | 'new' | undefined } | 'size';

export interface TableSize {
  readonly rows: number;
  readonly bytes: number;
}

/** A table that only takes writes, one at a time. */
export class TableThread {
  readonly #worker = new Worker(new URL(import.meta.url), { execArgv: [] });
  #last: Promise<unknown> = Promise.resolve();

  write(write: Write, returns?: 'old' | 'new'): Promise<WriteResult> {
    return this.#ask({ write, returns }) as Promise<WriteResult>;
  }

  /** Returns the size of all rows, and ends the thread. */
  async close(): Promise<TableSize> {
    const size = (await this.#ask('size')) as TableSize;
    await this.#worker.terminate();
    return size;
  }

  #ask(request: Request): Promise<unknown> {
    const answer = this.#last.then(async () => {
      this.#worker.postMessage(request);
      const [response] = await once(this.#worker, 'message');
      return response;
    });
    this.#last = answer;
    return answer;
  }
}

if (!isMainThread) {
  const table = new MemoryTable({ streams: () => false });
  const answerTo = (request: Request): Promise<WriteResult> | TableSize => {
    if (request !== 'size') return table.write(request.write, request.returns);
    const rows = [...table.rows()];
    return { rows: rows.length, bytes: rows.reduce((sum, row) => sum + rowBytes(row), 0) };
  };
  parentPort?.on('message', async (request: Request) => parentPort?.postMessage(await answerTo(request)));
}
