import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findPython } from '../../../localstack/emulator/python.ts';
import { LocalRefusal } from '../../../localstack/local-refusal.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'jobtree-python-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

describe('findPython', () => {
  test('returns the first that is new enough', async () => {
    install('python3', '3 9');
    install('python3.12', '3 12');

    expect(await findPython({ PATH: folder })).toBe('python3.12');
  });

  test('throws if there is none', async () => {
    await expect(findPython({ PATH: folder })).rejects.toThrow(
      'MiniStack needs Python 3.10 or newer on PATH, found none. Install Python 3.12, or run against LocalStack instead: --on localstack',
    );
  });

  test('throws if it is too old, and lists it', async () => {
    install('python3', '3 9');
    install('python', '2 7');

    await expect(findPython({ PATH: folder })).rejects.toThrow('found python3 3.9, python 2.7.');
    await expect(findPython({ PATH: folder })).rejects.toThrow(LocalRefusal);
  });

  test('throws if it lacks the modules for an environment, and names the package with them', async () => {
    install('python3', '3 11', { hasVenv: false });

    await expect(findPython({ PATH: folder })).rejects.toThrow(
      'python3 3.11 lacks the modules venv and ensurepip, which are required to install MiniStack. Install them (Debian, Ubuntu: apt-get install python3.11-venv)',
    );
  });

  test('skips one that does not run', async () => {
    install('python3', 'pyenv: python3: command not found');
    install('python3.13', '3 13');

    expect(await findPython({ PATH: folder })).toBe('python3.13');
  });
});

// A fake Python that responds to the two version checks.
function install(name: string, version: string, { hasVenv = true } = {}): void {
  const file = join(folder, name);
  const importing = hasVenv ? 'exit 0' : 'exit 1';
  writeFileSync(file, `#!/bin/sh\ncase "$2" in *ensurepip*) ${importing};; *) echo "${version}";; esac\n`);
  chmodSync(file, 0o755);
}
