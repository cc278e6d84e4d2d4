import { afterEach } from 'vitest';
import { z } from 'zod';
import type { Item } from '#core/item.ts';
import type { Web } from '#core/ports.ts';
import { defineWorker } from '../../../functions/kit/define-worker.ts';
import { worker as unzip } from '../../../functions/workers/unzip/definition.ts';
import { type FileServer, fileServer, type ServedFile } from '../../support/file-server.ts';
import { memoryService } from '../../support/memory-service.ts';

const servers: FileServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

export async function aServer(files: Readonly<Record<string, ServedFile | string>>): Promise<FileServer> {
  const server = await fileServer(files);
  servers.push(server);
  return server;
}

export const echo = (items: Item[]) =>
  defineWorker({
    name: 'echo',
    parameters: z.unknown(),
    async run(item, context) {
      items.push(item);
      const [part] = item.parts ?? [];
      return part === undefined ? item.payload : new TextDecoder().decode(await context.fetchPart(part));
    },
  });

export async function split(
  server: FileServer,
  splitter: string,
  definition: Record<string, unknown>,
  {
    isSplittingOver = () => false,
    web = server.web,
    itemsPerTask = 25,
  }: { isSplittingOver?: () => boolean; web?: Web; itemsPerTask?: number } = {},
) {
  const items: Item[] = [];
  const service = memoryService({ workers: [echo(items), unzip], isSplitTimeUp: isSplittingOver, web });
  await service.submit({ splitter, worker: 'echo', itemsPerTask }, { definition });
  await service.drain();
  const { rows } = await service.table.query({ pk: 'P#p#J#j#R1', begins: 'F#' });
  const [failure] = rows;
  return { job: (await service.view())?.job, items, outcomes: await service.outcomes(), failure };
}
