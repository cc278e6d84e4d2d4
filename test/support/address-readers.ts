/**
 * Every path from user text to S3. Each reader returns the code of its failure or the content that it read. The
 * modules are loaded again for each call, so that a test can weaken one of them.
 */
import { Readable } from 'node:stream';
import { S3Client } from '@aws-sdk/client-s3';
import type { BucketName } from '#core/object-address.ts';
import { checkBy } from '#core/schema.ts';
import type { Child, SplitContext, Splitter } from '#core/splitter.ts';
import { aChunk } from './chunks.ts';
import { type HostileLocation, OWN, sourceOf, THEIRS } from './hostile-addresses.ts';
import { memoryWorld } from './memory/world.ts';

export type Reader = (location: HostileLocation) => Promise<string>;

/** The client of the SDK, whose requests end here. */
function recordingClient() {
  const paths: string[] = [];
  const client = new S3Client({
    region: 'us-east-1',
    endpoint: 'http://127.0.0.1:9',
    forcePathStyle: true,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
    requestHandler: {
      async handle({ path }: { path: string }) {
        paths.push(path);
        const body = Readable.from([Buffer.from('<Error><Code>NoSuchKey</Code></Error>')]);
        return { response: { statusCode: 404, headers: {}, body } };
      },
    },
  });
  return { client, paths };
}

class AllBuckets extends Array<BucketName> {
  override includes(): boolean {
    return true;
  }
}

/** `readsAllBuckets` skips the check against the list of readable buckets. */
export async function addressReaders({ readsAllBuckets = false } = {}) {
  const { s3Objects } = await import('../../functions/aws/objects.ts');
  const { sdkS3 } = await import('../../functions/aws/sdk/sdk-s3.ts');
  const { readableObjects } = await import('../../functions/sources/readable-objects.ts');
  const { sourceCaches } = await import('../../functions/sources/source-caches.ts');
  const { fetchPart, openPart } = await import('../../functions/sources/parts.ts');
  const { shippedSplitters, innerSplitters } = await import('../../functions/split-batch/splitters/index.ts');
  const { runItems } = await import('../../functions/kit/run-items.ts');
  const { RetryNotes } = await import('../../functions/kit/retry-notes.ts');
  const { worker: extractText } = await import(
    '../../functions/workers/documents/extract-text/definition.ts'
  );
  const { worker: unzip } = await import('../../functions/workers/unzip/definition.ts');
  const { worker: exportZip } = await import('../../functions/workers/export-zip/definition.ts');
  const { parseBucketName } = await import('#core/object-address.ts');

  const { client, paths } = recordingClient();
  const world = memoryWorld();
  const bucket = parseBucketName(OWN);
  const ports = {
    ...world,
    objects: s3Objects(sdkS3(client), bucket),
    bucket,
    readBuckets: readsAllBuckets ? new AllBuckets() : [parseBucketName(THEIRS)],
    signal: new AbortController().signal,
    objectsFor: () => s3Objects(sdkS3(client), bucket),
    caches: sourceCaches(),
    notes: new RetryNotes(world.clock),
    activeGeneration: () => 1,
  };
  const objects = readableObjects(ports, 'p');
  const parts = { ...ports, objects, archives: ports.caches.archives };
  const read = async (work: () => unknown) => codeOf(async () => String(await work()));

  async function split(name: string, definition: unknown): Promise<string> {
    const context = { objects, web: world.web, itemsPerTask: 10, partition: 'p', job: 'j', runNumber: 1 };
    const splitters = [...shippedSplitters, ...innerSplitters];
    return codeOf(() => splitAll(splitters, { name, definition }, context as unknown as SplitContext));
  }

  // biome-ignore lint/suspicious/noExplicitAny: workers of any parameters
  async function work(worker: any, item: Record<string, unknown>): Promise<string> {
    const chunk = { chunk: aChunk({ maxAttempts: 1 }), items: [{ id: 'i', ...item }], done: [] };
    const runnable = { chunk, parameters: {} };
    const runs = await runItems(worker, ports, { chunks: [runnable], signal: ports.signal });
    const [tried] = runs.get(runnable)?.results ?? [];
    if (tried?.kind !== 'final') return 'not final';
    return tried.record.failure?.code ?? 'read';
  }

  const part = { type: 'BASE_PART', filename: 'x.zip', mimeType: 'application/zip' } as const;
  const fromSource: Record<string, (source: string) => Promise<string>> = {
    get: (source) => read(async () => objects.get(objects.resolve(source))),
    describe: (source) => read(async () => objects.describe(objects.resolve(source))),
    fetchPart: (url) => read(() => fetchPart(parts, { url })),
    openPart: (url) => read(() => openPart(parts, { url })),
    'fetchPart of an entry': (url) => read(() => fetchPart(parts, { url: `${url}#entry=a.txt` })),
    'openPart of an entry': (url) => read(() => openPart(parts, { url: `${url}#entry=a.txt` })),
    items: (source) => split('items', { source }),
    lines: (source) => split('lines', { source }),
    'lines of a list': (source) => split('lines', { source: [source] }),
    zip: (source) => split('zip', { source }),
    'payload with a source': (source) => work(extractText, { payload: { source } }),
    'payload with sources': (source) => work(extractText, { payload: { sources: [source] } }),
    'payload that is a source': (source) => work(extractText, { payload: source }),
    'part of an item': (url) => work(extractText, { parts: [{ ...part, url }] }),
    'archive of an item': (url) => work(unzip, { parts: [{ ...part, url }] }),
  };
  const readersOfLocation: Record<string, Reader> = {
    locate: (location) => read(async () => objects.get(objects.locate(location))),
    list: (location) => read(() => objects.list(location)),
    's3-prefix': ({ key, ...rest }) => split('s3-prefix', { ...rest, prefix: key }),
    'lines/file': (address) => split('lines/file', { address, file: 0 }),
    'payload with bucket and key': (payload) => work(extractText, { payload }),
  };
  const fromKey: Record<string, Reader> = {
    'fetchPart by key': ({ key }) => read(() => fetchPart(parts, { key })),
    'openPart by key': ({ key }) => read(() => openPart(parts, { key })),
    'part with a key': ({ key }) => work(extractText, { parts: [{ ...part, key }] }),
    'archive with a key': ({ key }) => work(unzip, { parts: [{ ...part, key }] }),
    'group of outcomes': ({ key }) =>
      work(exportZip, {
        payload: {
          job: 'j',
          count: 1,
          filter: { outcome: 'succeeded' },
          objects: [{ key, bytes: { from: 0, to: 10 }, from: 0, to: 1 }],
        },
      }),
  };

  return {
    paths,
    async ofSource(source: string): Promise<Record<string, string>> {
      return results(fromSource, source);
    },
    async ofLocation(location: HostileLocation): Promise<Record<string, string>> {
      return {
        ...(await results(fromSource, sourceOf(location))),
        ...(await results(readersOfLocation, location)),
        ...(location.bucket === undefined ? await results(fromKey, location) : {}),
      };
    },
  };
}

async function results<T>(readers: Record<string, (input: T) => Promise<string>>, input: T) {
  const results: Record<string, string> = {};
  for (const [name, reader] of Object.entries(readers)) results[name] = await reader(input);
  return results;
}

async function codeOf(work: () => Promise<string>): Promise<string> {
  try {
    return `read: ${await work()}`;
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
}

async function splitAll(
  splitters: readonly Splitter[],
  { name, definition }: { name: string; definition: unknown },
  context: SplitContext,
): Promise<string> {
  const splitter = splitters.find((one) => one.name === name);
  const checked = splitter && checkBy(splitter.definition, definition);
  if (splitter === undefined || checked?.ok !== true)
    throw Object.assign(new Error('the definition is not accepted'), { code: 'invalid-definition' });
  for await (const child of splitter.split(checked.value, context) as AsyncIterable<Child>) {
    if (child.kind !== 'batch') continue;
    await splitAll(splitters, { name: child.splitter ?? name, definition: child.definition }, context);
  }
  return 'split';
}
