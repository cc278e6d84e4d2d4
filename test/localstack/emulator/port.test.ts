import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { assertPortFree, configuredPort, freePort } from '../../../localstack/emulator/port.ts';
import { LocalRefusal } from '../../../localstack/local-refusal.ts';

let server: Server | undefined;

afterEach(() => {
  server?.close();
  server = undefined;
});

describe('assertPortFree', () => {
  test('accepts a free port', async () => {
    await expect(assertPortFree(await freePort())).resolves.toBeUndefined();
  });

  test('reports that another program uses the port, and what to do', async () => {
    const port = await listen('not json');

    await expect(assertPortFree(port)).rejects.toThrow(LocalRefusal);
    await expect(assertPortFree(port)).rejects.toThrow(
      `port ${port} is in use by another program; jobtree's emulator needs a free port. Stop that program, or choose another port: JOBTREE_PORT=${port + 1}`,
    );
  });

  test('recognises another emulator', async () => {
    const port = await listen(JSON.stringify({ edition: 'community', version: '4.9.2' }));

    await expect(assertPortFree(port)).rejects.toThrow(
      'another AWS emulator (edition community, version 4.9.2)',
    );
  });
});

describe('configuredPort', () => {
  test('is 4566 unless JOBTREE_PORT says otherwise', () => {
    expect(configuredPort({})).toBe(4566);
    expect(configuredPort({ JOBTREE_PORT: '4600' })).toBe(4600);
  });

  test.each(['x', '0', '65536', '1.5', '-1'])('refuses %j', (text) => {
    expect(() => configuredPort({ JOBTREE_PORT: text })).toThrow(`JOBTREE_PORT is '${text}'`);
  });
});

async function listen(body: string): Promise<number> {
  server = createServer((_, response) => response.end(body)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}
