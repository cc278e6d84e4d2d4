/**
 * Every reader refuses every hostile spelling before a request is signed; the client is that of the SDK. Then each
 * check is taken away, one at a time, to show that these tests notice it.
 */
import { afterEach, describe, expect, test, vi } from 'vitest';
import type * as address from '#core/object-address.ts';
import type * as objectKeys from '../../functions/store/object-keys.ts';
import { addressReaders } from '../support/address-readers.ts';
import { HOSTILE_LOCATIONS, HOSTILE_SOURCES, SECRET_KEY } from '../support/hostile-addresses.ts';

const REFUSED = ['source-forbidden', 'invalid-definition'];

/** Failure codes of workers for a payload or part that names no file. */
const NO_FILE = [...REFUSED, 'invalid-item', 'part-unknown'];

/** The readers that did not refuse, and the requests that were sent. */
async function leaksOf(found: Readonly<Record<string, string>>, allowed: readonly string[]) {
  return Object.entries(found).filter(([, code]) => !allowed.includes(code));
}

describe('every reader refuses', () => {
  test('at least 150 spellings are tried', () => {
    const spellings = [...HOSTILE_LOCATIONS.map((place) => JSON.stringify(place)), ...HOSTILE_SOURCES];

    expect(new Set(spellings).size).toBeGreaterThanOrEqual(250);
  });

  test.for(HOSTILE_LOCATIONS)('%j', async (place) => {
    const readers = await addressReaders();

    const found = await readers.ofLocation(place);

    expect(await leaksOf(found, REFUSED)).toEqual([]);
    expect(readers.paths).toEqual([]);
  });

  test.for(HOSTILE_SOURCES)('%j', async (source) => {
    const readers = await addressReaders();

    const found = await readers.ofSource(source);

    expect(await leaksOf(found, NO_FILE)).toEqual([]);
    expect(readers.paths).toEqual([]);
  });
});

describe('a planted bug is found:', () => {
  afterEach(() => {
    vi.doUnmock('#core/object-address.ts');
    vi.doUnmock('../../functions/store/object-keys.ts');
    vi.resetModules();
  });

  /** The requests that are sent with a weaker parser. */
  async function requestsWith(
    weaker: Partial<typeof address>,
    options: { readsAllBuckets?: boolean } = {},
  ): Promise<readonly string[]> {
    vi.resetModules();
    vi.doMock('#core/object-address.ts', async (original) => ({
      ...(await original<typeof address>()),
      ...weaker,
    }));
    const readers = await (await import('../support/address-readers.ts')).addressReaders(options);
    for (const place of HOSTILE_LOCATIONS) await readers.ofLocation(place);
    return readers.paths;
  }

  const parseBucketName = (text: string) => text as address.BucketName;

  test('names of buckets are compared as text, and IAM alone decides on other buckets', async () => {
    const paths = await requestsWith({ parseBucketName }, { readsAllBuckets: true });

    expect(paths).toContain(`/own/${SECRET_KEY}`);
  });

  test('any bucket may be read', async () => {
    const paths = await requestsWith({}, { readsAllBuckets: true });

    expect(paths).toContain(`/another/${SECRET_KEY}`);
    expect(paths).not.toContain(`/own/${SECRET_KEY}`);
  });

  test('names of buckets are not parsed, and the list of readable buckets still holds', async () => {
    expect(await requestsWith({ parseBucketName })).toEqual([]);
  });

  test('segments of keys are not checked', async () => {
    const paths = await requestsWith({ parseObjectKey: (key: string) => key as address.ObjectKey });

    expect(paths).toContain('/own/uploads/p/../q/secret');
    expect(paths).toContain('/theirs/../own/uploads/q/secret');
  });

  test('prefixes of partitions do not end with a slash', async () => {
    vi.resetModules();
    vi.doMock('../../functions/store/object-keys.ts', async (original) => {
      const real = await original<typeof objectKeys>();
      const readablePrefixes = (partition: string) =>
        real.readablePrefixes(partition).map((prefix) => prefix.slice(0, -1) as address.ObjectPrefix);
      return { ...real, readablePrefixes };
    });
    const readers = await (await import('../support/address-readers.ts')).addressReaders();

    await readers.ofLocation({ key: 'uploads/p2/secret' });

    expect(readers.paths).toContain('/own/uploads/p2/secret');
  });
});
