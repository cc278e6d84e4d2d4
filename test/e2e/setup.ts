/**
 * The service that end-to-end tests talk to: `JOBTREE_URL` with `JOBTREE_TOKEN` (and `JOBTREE_BUCKET` for what reads
 * the bucket) where they are set; otherwise an emulator of its own, with state of its own, ended afterwards.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { deployStack } from '../../localstack/deployment.ts';
import { developmentKey } from '../../localstack/development-key.ts';
import { restBase } from '../../localstack/emulator/emulator.ts';
import { startEmulator } from '../../localstack/emulator/ministack.ts';
import { signToken } from '../../localstack/token.ts';
import { SAMPLE_FONTS } from '../support/documents/sample-fonts.ts';

/** Limited to one request every ten seconds, with a burst of ten, if the tests deploy the service. */
export const SLOW_PARTITION = 'slow';

/** Origin of pages that may call the API, if the tests deploy the service. */
export const PAGE_ORIGIN = 'https://app.example.com';

declare module 'vitest' {
  export interface ProvidedContext {
    /** `<url>/partitions/…` are the routes. */
    url: string;
    token: string;
    bucket: string;
    /** Endpoint of the emulator; empty if the service runs elsewhere. */
    endpoint: string;
    /** Folder in which the emulator keeps its state; empty if the service runs elsewhere. */
    stateDir: string;
  }
}

export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const { JOBTREE_URL: url, JOBTREE_TOKEN: token, JOBTREE_BUCKET: bucket = '' } = process.env;
  if (url !== undefined && token !== undefined) {
    project.provide('url', url);
    project.provide('token', token);
    project.provide('bucket', bucket);
    project.provide('endpoint', '');
    project.provide('stateDir', '');
    return undefined;
  }
  const stateDir = mkdtempSync(join(tmpdir(), 'jobtree-e2e-'));
  const emulator = await startEmulator({ name: 'e2e', port: 0, stateDir });
  const outputs = await deployStack({
    endpoint: emulator.endpoint,
    stateDir,
    // One partition that a test can use up; all others have the limits of any deployment.
    context: {
      rateLimits: `${SLOW_PARTITION}@0.1/10`,
      corsOrigins: PAGE_ORIGIN,
      documentFonts: SAMPLE_FONTS.join(','),
    },
  });
  project.provide(
    'url',
    restBase({ kind: 'ministack', endpoint: emulator.endpoint }, outputs['ApiId'] ?? ''),
  );
  project.provide('bucket', outputs['BucketName'] ?? '');
  project.provide('endpoint', emulator.endpoint);
  project.provide('stateDir', stateDir);
  project.provide('token', tokenFor(['*'], 'admin'));
  return async () => {
    await emulator.stop();
    rmSync(stateDir, { recursive: true, force: true });
  };
}

function tokenFor(partitions: string[], role: 'admin'): string {
  return signToken({ partitions, role, subject: 'e2e', expiresInSeconds: 3600 }, developmentKey());
}
