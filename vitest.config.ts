import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** Packs, installs and deploys: minutes, and the registry of packages. */
const asPackage = ['test/package/**/*.test.ts'];
/** Tests of synthesized stacks share one process, so that functions are bundled once. */
const ofStack = ['test/lib/**/*.test.ts'];
/**
 * Tests that take minutes: memory at full size, documents under load, single faults at every call. `npm run test:all`
 * runs them too.
 */
const long = [
  'test/gallery/gallery.test.ts',
  'test/memory.test.ts',
  'test/reading/generated.test.ts',
  'test/functions/workers/documents/memory.test.ts',
  'test/functions/workers/documents/bundle.test.ts',
  'test/functions/workers/documents/office-to-pdf/office-to-pdf.test.ts',
  'test/functions/workers/documents/threads/load.test.ts',
  'test/functions/workers/documents/independent-writers.test.ts',
  'test/simulation/single-faults.test.ts',
  'test/simulation/wide-jobs.test.ts',
];
/** Pages of the console in Chromium, over the service in memory. */
const inBrowser = ['test/browser/**/*.test.ts'];
const onEmulator = ['test/e2e/**/*.test.ts', 'test/conformance/emulator.test.ts'];

export default defineConfig({
  // In the repository both lead to the source; in the package, to what `npm run build` makes of it.
  resolve: {
    alias: {
      'jobtree/client': fileURLToPath(new URL('clients/client/index.ts', import.meta.url)),
      'jobtree/worker': fileURLToPath(new URL('clients/worker/index.ts', import.meta.url)),
      'jobtree/cdk': fileURLToPath(new URL('lib/index.ts', import.meta.url)),
    },
  },
  test: {
    testTimeout: 60_000,
    hookTimeout: 180_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'in process',
          include: ['test/**/*.test.ts'],
          exclude: [...onEmulator, ...asPackage, ...ofStack, ...inBrowser, ...long],
          // Many tests wait for processes of their own.
          maxWorkers: Math.max(2, availableParallelism() - 1),
        },
      },
      {
        extends: true,
        test: {
          name: 'of the stack',
          include: ofStack,
          globalSetup: ['test/lib/setup.ts'],
          isolate: false,
          fileParallelism: false,
        },
      },
      {
        extends: true,
        // Each file starts a browser of several processes.
        test: { name: 'in the browser', include: inBrowser, fileParallelism: false },
      },
      {
        extends: true,
        test: { name: 'long', include: long, testTimeout: 300_000 },
      },
      {
        extends: true,
        test: {
          name: 'on the emulator',
          include: onEmulator,
          globalSetup: ['test/e2e/setup.ts'],
          // Most of their time is waiting. More would make the one emulator the bottleneck.
          maxWorkers: 2,
          testTimeout: 180_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'as a package',
          include: asPackage,
          testTimeout: 300_000,
        },
      },
    ],
  },
});
