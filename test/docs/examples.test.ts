import { readFileSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import { aChunk, aRecord, memoryWorld, sentMessages, workerOn } from '../support/chunks.ts';
import { reportedOutcomes } from '../support/outcomes.ts';
import { type WebServer, webServer } from '../support/web-server.ts';
import { embed } from './examples/embed.ts';
import { blocksFor, EMBED } from './samples/inventory.ts';

const servers: WebServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

/** Returns the outcomes of texts if the model responds with `answer`. */
async function embedded(
  texts: readonly string[],
  answer: (texts: string[]) => { status: number; body: unknown },
) {
  const server = await webServer(({ body }, response) => {
    const reply = answer(JSON.parse(body).texts);
    response.writeHead(reply.status).end(JSON.stringify(reply.body));
  });
  servers.push(server);
  const world = memoryWorld();
  const items = texts.map((payload) => ({ id: payload, payload }));
  const parameters = { url: server.url, model: 'small' };
  await workerOn(world, { ...embed, name: 'work' })([aRecord(aChunk({ items, parameters }))]);
  return { world, server, records: (await reportedOutcomes(world)) ?? [] };
}

test('the page has the worker that is tested here', () => {
  const example = readFileSync('test/docs/examples/embed.ts', 'utf8');

  expect(blocksFor(EMBED).map(({ text }) => text)).toEqual([example]);
});

test('the worker embeds all texts with one request, and fails the text that is too long', async () => {
  const { records, server } = await embedded(['a', 'bb', 'long'], (texts) => ({
    status: 200,
    body: { vectors: texts.map((text) => (text === 'long' ? null : [text.length])) },
  }));

  expect(server.requests).toHaveLength(1);
  expect(records.map(({ output, failure }) => output ?? failure?.code)).toEqual([[1], [2], 'too-long']);
});

test('the worker retries all texts if the model is busy, and sends halves if it refuses', async () => {
  const busy = await embedded(['a', 'b'], () => ({ status: 429, body: {} }));
  const refusing = await embedded(['a', 'b'], (texts) =>
    texts.includes('b') ? { status: 400, body: 'b is refused' } : { status: 200, body: { vectors: [[1]] } },
  );

  expect(sentMessages(busy.world, 'worker:work')).toMatchObject([{ items: [{ id: 'a' }, { id: 'b' }] }]);
  expect(refusing.records).toMatchObject([{ output: [1] }, { failure: { code: 'refused' } }]);
});
