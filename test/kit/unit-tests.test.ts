/** `runWorker` and `runSplitter`, which users import for unit tests of their own. */
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import {
  batch,
  checkpoint,
  defineSplitter,
  defineWorker,
  item,
  PermanentFailure,
  RetryableFailure,
  runSplitter,
  runWorker,
} from '../../clients/worker/index.ts';
import { aZip } from '../support/zips.ts';

const parameters = z.strictObject({ mark: z.string().default('!') });

const shout = defineWorker({
  name: 'shout',
  parameters,
  run(item, context) {
    if (item.payload === 'skip') return context.skip();
    if (item.payload === 'busy') throw new RetryableFailure('busy', 'try later');
    if (item.payload === 'bug') throw new TypeError('x is not a function');
    if (typeof item.payload !== 'string') throw new PermanentFailure('not-text', 'the item is not a string');
    return item.payload.toUpperCase() + context.parameters.mark;
  },
});

const payloads = (...values: unknown[]) => values.map((payload, at) => ({ id: String(at), payload }));

describe('runWorker', () => {
  test('returns the result of each item, in their order', async () => {
    const results = await runWorker(shout, payloads('a', 'skip', 7, 'busy', 'bug'));

    expect(results).toEqual([
      { kind: 'succeeded', id: '0', output: 'A!', parts: [] },
      { kind: 'skipped', id: '1' },
      { kind: 'failed', id: '2', code: 'not-text', message: 'the item is not a string', retryable: false },
      { kind: 'failed', id: '3', code: 'busy', message: 'try later', retryable: true },
      { kind: 'failed', id: '4', code: 'worker-error', message: 'x is not a function', retryable: true },
    ]);
  });

  test('checks the parameters against the schema of the worker', async () => {
    const [allowed] = await runWorker(shout, payloads('a'), { parameters: { mark: '?' } });
    const [refused] = await runWorker(shout, payloads('a'), { parameters: { mark: 1 } });

    expect(allowed).toMatchObject({ kind: 'succeeded', output: 'A?' });
    expect(refused).toMatchObject({ kind: 'failed', code: 'invalid-parameters', retryable: false });
  });

  test('hands items over as JSON, as the service does', async () => {
    const echo = defineWorker({ name: 'echo', parameters, run: ({ payload }) => payload });

    const [result] = await runWorker(echo, payloads({ at: new Date(0), gone: undefined }));

    expect(result).toMatchObject({ output: { at: '1970-01-01T00:00:00.000Z' } });
  });

  test('refuses an output that is not JSON', async () => {
    const wrong = defineWorker({ name: 'wrong', parameters, run: () => 1n });

    expect(await runWorker(wrong, payloads('a'))).toMatchObject([{ kind: 'failed', code: 'invalid-output' }]);
  });

  test('provides the files of the test at each kind of location', async () => {
    const read = defineWorker({
      name: 'read',
      parameters,
      async run({ payload }, context) {
        const bytes = await context.fetchPart({ url: String(payload) });
        await context.putPart({ filename: 'copy.txt', mimeType: 'text/plain', body: bytes });
        return new TextDecoder().decode(bytes);
      },
    });
    const files = {
      'upload:a': 'an upload',
      's3://theirs/b.txt': 'an object',
      'https://example.com/c.txt': 'a file of the web',
      'https://example.com/d.zip': await aZip({ 'in it.txt': 'an entry' }),
    };
    const urls = [...Object.keys(files).slice(0, 3), 'https://example.com/d.zip#entry=in%20it.txt'];

    const results = await runWorker(read, payloads(...urls, 'upload:none', 'https://example.com/none'), {
      files,
    });

    const texts = ['an upload', 'an object', 'a file of the web', 'an entry'];
    expect(results.slice(0, 4)).toMatchObject(
      texts.map((output) => ({
        output,
        parts: [{ type: 'BASE_PART', filename: 'copy.txt', bytes: new TextEncoder().encode(output) }],
      })),
    );
    expect(results.slice(4)).toMatchObject([
      { kind: 'failed', code: 'part-missing', retryable: false },
      { kind: 'failed', message: expect.stringContaining('Add it to `files`'), retryable: false },
    ]);
  });

  test('runs a worker of chunks by one call, and finds the item that spoils it', async () => {
    const calls: number[] = [];
    const together = defineWorker({
      name: 'together',
      parameters,
      runChunk(items) {
        calls.push(items.length);
        if (items.some(({ payload }) => payload === 'bad')) throw new PermanentFailure('bad', 'no');
        return items.map(({ payload }) => payload);
      },
    });

    const results = await runWorker(together, payloads('a', 'b', 'bad', 'c'));

    expect(results.map(({ kind }) => kind)).toEqual(['succeeded', 'succeeded', 'failed', 'succeeded']);
    expect(calls).toEqual([4, 2, 2, 1, 1]);
  });

  test('leaves an item unfinished whose time is up', async () => {
    const slow = defineWorker({
      name: 'slow',
      parameters,
      run: (_, { signal }) => signal.throwIfAborted(),
    });

    const results = await runWorker(slow, payloads('a'), { signal: AbortSignal.abort() });

    expect(results).toEqual([{ kind: 'unfinished', id: '0' }]);
  });
});

describe('runSplitter', () => {
  const lines = defineSplitter({
    name: 'rows',
    description: 'The lines of a file, and of the files it names.',
    definition: z.strictObject({ source: z.string() }),
    async *split({ source }, { objects, cursor }) {
      const bytes = (await objects.get(objects.resolve(source))) ?? new Uint8Array();
      const all = new TextDecoder().decode(bytes).split('\n');
      for (const [at, line] of all.entries()) {
        if (at < Number(cursor ?? 0)) continue;
        yield line.startsWith('upload:') ? batch({ source: line }) : item(String(at), line);
        if (at === 0) yield checkpoint(at + 1);
      }
    },
  });
  const files = { 'upload:list': 'one\ntwo\nupload:more' };

  test('returns items, batches and checkpoints in their order', async () => {
    const children = await runSplitter(lines, { source: 'upload:list' }, { files });

    expect(children).toEqual([
      item('0', 'one'),
      checkpoint(1),
      item('1', 'two'),
      batch({ source: 'upload:more' }),
    ]);
  });

  test('resumes from a cursor', async () => {
    const children = await runSplitter(lines, { source: 'upload:list' }, { files, cursor: 2 });

    expect(children).toEqual([batch({ source: 'upload:more' })]);
  });

  test('refuses a definition that the schema does not allow, of a batch within too', async () => {
    const wrong = defineSplitter({ ...lines, split: () => [batch({ sauce: 'upload:more' })] });

    await expect(runSplitter(lines, { source: 7 })).rejects.toThrow(
      "definition of splitter 'rows' at /source",
    );
    await expect(runSplitter(wrong, { source: 'a' })).rejects.toThrow("definition of splitter 'rows'");
  });
});
