import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { deploymentInputs } from '../../localstack/deployment-inputs.ts';

let root: string;
let before: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'jobtree-inputs-'));
  write('functions/api/handler.ts', 'one');
  write('cdk.json', '{}');
  before = deploymentInputs(root);
});

afterEach(() => rmSync(root, { recursive: true }));

describe('deploymentInputs', () => {
  test('stays the same while nothing that is deployed changes', () => {
    write('clients/scan/main.ts', 'a new option');
    write('clients/cli/main.ts', 'a new command');
    write('test/page.md', 'words');

    expect(deploymentInputs(root)).toBe(before);
  });

  test.each([
    ['a changed file', 'functions/api/handler.ts'],
    ['a new file', 'lib/queue.ts'],
    ['a page that the stack serves', 'docs/page.md'],
    ['another lock', 'package-lock.json'],
  ])('changes with %s', (_, file) => {
    write(file, 'two');

    expect(deploymentInputs(root)).not.toBe(before);
  });
});

function write(path: string, content: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
}
