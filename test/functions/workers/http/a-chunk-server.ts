import type { ServerResponse } from 'node:http';
import { afterEach } from 'vitest';
import type { Item, OutcomeRecord } from '#core/item.ts';
import { systemClock } from '../../../../functions/aws/runtime.ts';
import { httpWorker } from '../../../../functions/workers/http/http-worker.ts';
import { aChunk, aRecord, memoryWorld, workerOn } from '../../../support/chunks.ts';
import type { World } from '../../../support/memory/world.ts';
import { reportedOutcomes } from '../../../support/outcomes.ts';
import { type WebServer, webServer } from '../../../support/web-server.ts';

const servers: WebServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

export interface Sent {
  readonly id: string;
  readonly payload: { readonly text: string };
}

/** Server that responds to a chunk. The response depends on the request body. */
export async function aServer(answer: (body: string, response: ServerResponse) => unknown) {
  const server = await webServer(({ body }, response) => {
    const answered = answer(body, response);
    if (!response.writableEnded)
      response.setHeader('content-type', 'application/json').end(JSON.stringify(answered));
  });
  servers.push(server);
  return server;
}

export const items = ['one', 'two', 'three', 'four'].map((text, n) => ({ id: `i${n}`, payload: { text } }));

export async function posted(
  server: WebServer,
  parameters: Record<string, unknown> = {},
  {
    world = memoryWorld(),
    given = items,
    ...fields
  }: { world?: World; given?: Item[]; maxAttempts?: number } = {},
) {
  const worker = httpWorker({ clock: systemClock, readSecret: async () => '{}', allowedSecrets: () => ({}) });
  const chunk = aChunk({
    items: given,
    parameters: { url: server.url, per: 'chunk', ...parameters },
    ...fields,
  });
  await workerOn(world, { ...worker, name: 'work' })([aRecord(chunk)]);
  return { world, records: (await reportedOutcomes(world)) ?? [] };
}

export const bodies = (server: WebServer) => server.requests.map(({ body }) => JSON.parse(body));
export const ended = ({ id, output, failure }: OutcomeRecord) => [
  id,
  failure?.code ?? (output as { body?: unknown }).body,
];
