import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  findEmulator,
  ministackTarget,
  type OwnEmulator,
  startEmulator,
} from '../../../localstack/emulator/ministack.ts';
import { deployedOutputs } from '../../../localstack/stack-outputs.ts';

// On the first run on a machine, installing MiniStack takes most of this time.
const FIRST_RUN_MS = 180_000;

let folder: string;
let one: OwnEmulator;
let other: OwnEmulator;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'jobtree-emulators-'));
  one = await startEmulator({ name: 'one', port: 0, stateDir: join(folder, 'one') });
  other = await startEmulator({ name: 'other', port: 0, stateDir: join(folder, 'other') });
}, FIRST_RUN_MS);

afterAll(async () => {
  await one?.stop();
  await other?.stop();
  rmSync(folder, { recursive: true });
});

describe('startEmulator', () => {
  test('starts two emulators that do not affect each other', async () => {
    await createBucket(one.endpoint, 'only-here');

    expect(one.endpoint).not.toBe(other.endpoint);
    expect(await bucketStatus(one.endpoint, 'only-here')).toBe(200);
    expect(await bucketStatus(other.endpoint, 'only-here')).toBe(404);
  });

  test('is found by its folder, as the same instance', async () => {
    const found = await findEmulator(one.stateDir);

    expect(found).toMatchObject({ endpoint: one.endpoint, instance: one.instance });
  });

  test('has no stack at first, and the error states how to deploy it', async () => {
    await expect(deployedOutputs(one)).rejects.toThrow(
      `the stack jobtree is not deployed at ${one.endpoint}; deploy it first: npm run local -- deploy`,
    );
  });

  test('ends with its process, its state and its temporary files', async () => {
    const stateDir = join(folder, 'short');
    const short = await startEmulator({ name: 'short', port: 0, stateDir });
    const { tempDir } = JSON.parse(readFileSync(join(stateDir, 'state.json'), 'utf8')) as { tempDir: string };

    await short.stop();

    await expect(fetch(`${short.endpoint}/_localstack/health`)).rejects.toThrow('fetch failed');
    expect(await findEmulator(stateDir)).toBeUndefined();
    expect(existsSync(tempDir)).toBe(false);
    expect(await ministackTarget({ stateDir }).down()).toBe('ministack was not running');
  });
});

function createBucket(endpoint: string, bucket: string): Promise<Response> {
  return fetch(`${endpoint}/${bucket}`, { method: 'PUT' });
}

async function bucketStatus(endpoint: string, bucket: string): Promise<number> {
  return (await fetch(`${endpoint}/${bucket}`, { method: 'HEAD' })).status;
}
