import { describe, expect, expectTypeOf, test } from 'vitest';
import {
  type BucketName,
  bucketNameProblem,
  type ObjectKey,
  objectKeyProblem,
  objectPrefixProblem,
  parseBucketName,
  parseObjectKey,
} from '#core/object-address.ts';
import type { Objects } from '#core/ports.ts';
import type { ReadableObjects } from '#core/splitter.ts';
import type { Signing } from '../../functions/aws/sdk/presign.ts';

describe('a bucket name', () => {
  test.for([
    'abc',
    'my.bucket-1',
    '0.a',
    'a-.b',
    'jobtree-jobsbucketobjects545715ba-4e43686abd8c0',
    'a'.repeat(63),
    '1.2.3',
    '1.2.3.4.5',
    'x--y',
    'examplebucket-012345678910-us-west-2-an',
  ])('%s is accepted', (name) => {
    expect(bucketNameProblem(name)).toBeUndefined();
  });

  test.for([
    ['', /3 to 63/],
    ['Upper', /a-z/],
    ['a..b', /two consecutive dots/],
    ['10.0.0.1', /IP address/],
    ['xn--a', /xn--/],
    ['a-s3alias', /access points/],
  ] as const)('%j is refused with the reason', ([name, reason]) => {
    expect(() => parseBucketName(name)).toThrow(reason);
  });
});

describe('an object key', () => {
  test.for([
    'a',
    'a//b',
    '/a',
    'a/',
    '...',
    'a/.../b',
    '.hidden/..x/x..',
    'größe "1" & <2> %20.txt',
    'trailing space ',
    'back\\slash',
    '%2e%2e%2f',
    '語'.repeat(341),
  ])('%j is accepted', (key) => {
    expect(objectKeyProblem(key)).toBeUndefined();
  });

  test('may not be empty, which a prefix may', () => {
    expect(objectKeyProblem('')).toMatch(/not be empty/);
    expect(objectPrefixProblem('')).toBeUndefined();
  });

  test('that is refused is shown without control characters', () => {
    expect(() => parseObjectKey('a\n\u0007b')).toThrow("key 'a\uFFFD\uFFFDb' is not accepted");
    expect(() => parseObjectKey('é'.repeat(513))).toThrow(/…' is not accepted: a key has at most 1024 bytes/);
  });
});

test('unchecked strings do not compile where an object is read or signed', () => {
  const key = 'a' as string;
  const calls = (objects: Objects, readable: ReadableObjects, signing: (place: Signing) => void) => [
    // @ts-expect-error: the key is not parsed
    () => objects.get({ key }),
    // @ts-expect-error: the key is not parsed
    () => objects.describe({ key }),
    // @ts-expect-error: the bucket is not parsed
    () => objects.get({ bucket: key, key: parseObjectKey(key) }),
    // @ts-expect-error: the key is not parsed
    () => objects.put(key, ''),
    // @ts-expect-error: the prefix is not parsed
    () => objects.list(key),
    // @ts-expect-error: the key is not parsed
    () => readable.get({ key }),
    // @ts-expect-error: the key is not parsed
    () => readable.describe({ key: 'uploads/p/x' }),
    // @ts-expect-error: the bucket is not parsed
    () => signing({ bucket: key, key: parseObjectKey(key) }),
    // @ts-expect-error: the key is not parsed
    () => signing({ bucket: parseBucketName(key), key }),
  ];

  expect(calls).toHaveLength(3);
  expectTypeOf<string>().not.toExtend<ObjectKey>();
  expectTypeOf<string>().not.toExtend<BucketName>();
  expectTypeOf<BucketName>().not.toExtend<ObjectKey>();
});
