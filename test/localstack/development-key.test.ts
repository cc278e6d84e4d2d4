import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { developmentKey } from '../../localstack/development-key.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'jobtree-key-'));
});

afterAll(() => rmSync(folder, { recursive: true }));

describe('developmentKey', () => {
  test('is created once, in a new folder if necessary, and only its owner can read it', () => {
    const file = join(folder, 'below', 'key.json');

    const first = developmentKey(file);
    const second = developmentKey(file);

    expect(second).toEqual(first);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(first);
    expect((statSync(file).mode & 0o777).toString(8)).toBe('600');
  });

  test('does not include the private number in the public key', () => {
    const { privateKey, publicKey } = developmentKey(join(folder, 'key.json'));

    expect(privateKey.d).toMatch(/^[\w-]{43}$/);
    expect(publicKey).not.toHaveProperty('d');
    expect(publicKey).toMatchObject({
      kty: 'EC',
      crv: 'P-256',
      alg: 'ES256',
      use: 'sig',
      kid: privateKey.kid,
    });
  });
});
