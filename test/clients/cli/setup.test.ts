import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { developmentKey } from '../../../localstack/development-key.ts';
import { token } from '../../functions/jobs-api/tokens.ts';
import { type ServedService, serveService } from '../served-service.ts';
import { anIssuer, type Issuer } from './an-issuer.ts';
import { CommandLine } from './command-line.ts';

let service: ServedService;
let issuer: Issuer;
let cli: CommandLine;

/** Opens an address, as a browser in which the user is signed in already. */
const BROWSER = '#!/usr/bin/env node\nfetch(process.argv[2]).then((page) => page.text());\n';

beforeAll(async () => {
  service = await serveService();
  issuer = await anIssuer(() => token({ partitions: ['p1'], role: 'operator' }));
  cli = new CommandLine();
});

afterAll(async () => {
  await service.stop();
  await issuer.close();
  cli.remove();
});

const login = () => ['login', service.url, '--issuer', issuer.url, '--client-id', 'cli', '-p', 'p1'];

describe('without a profile', () => {
  test('a command states how to select a service', async () => {
    const { code, stderr } = await cli.run(['jobs']);

    expect([code, stderr]).toEqual([2, expect.stringContaining('jobtree dev')]);
  });

  test('doctor fails and states the next step', async () => {
    const { code, stdout } = await cli.run(['doctor']);

    expect([code, stdout]).toEqual([1, expect.stringContaining('failed\tconfiguration')]);
  });
});

describe('login', () => {
  test('by the device flow stores a profile, and tokens that only the user can read', async () => {
    const { code, stderr } = await cli.run([...login(), '--device']);

    expect([code, stderr]).toEqual([0, expect.stringContaining('confirm the code ABCD-EFGH')]);
    expect(stderr).toContain("Signed in as alice. The profile 'default'");
    const credentials = join(cli.home, '.config/jobtree/credentials.json');
    expect(statSync(credentials).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(cli.home, '.config/jobtree/profiles.json'), 'utf8')).not.toContain('eyJ');
    expect((await cli.run(['jobs'])).code).toBe(0);
  });

  test('by the browser uses PKCE and a redirect to this machine', async () => {
    const browser = join(cli.home, 'browser');
    writeFileSync(browser, BROWSER);
    chmodSync(browser, 0o755);
    const { code, stderr } = await cli.run([...login(), '--profile', 'second'], {
      env: { BROWSER: browser },
    });

    expect([code, stderr]).toEqual([0, expect.stringContaining("The profile 'second'")]);
    expect(issuer.grants).toContain('authorization_code');
    expect((await cli.run(['profiles'])).stdout).toMatch(/^\*\tsecond\thttp:\S+\tp1\tyes$/m);
  });

  test('an expired token is refreshed', async () => {
    const file = join(cli.home, '.config/jobtree/credentials.json');
    const stored = JSON.parse(readFileSync(file, 'utf8'));
    writeFileSync(file, JSON.stringify({ ...stored, second: { ...stored.second, expiresAt: 1 } }));

    expect((await cli.run(['jobs'])).code).toBe(0);
    expect(issuer.grants.at(-1)).toBe('refresh_token');
  });

  test.each([
    [['login'], 'the address of the service is missing'],
    [['login', 'http://127.0.0.1:1'], '--issuer is missing'],
    [
      ['login', 'http://127.0.0.1:1', '--issuer', 'http://example.com', '--client-id', 'x'],
      'is not an https address',
    ],
  ])('%j is refused', async (args, message) => {
    const { code, stderr } = await cli.run([...args, '--profile', 'none'], {
      env: { JOBTREE_CONFIG_DIR: join(cli.home, 'empty') },
    });

    expect(code).toBeGreaterThan(0);
    expect(stderr).toContain(message);
  });
});

describe('profiles', () => {
  test('are selected, signed out and removed', async () => {
    expect((await cli.run(['profiles', 'use', 'default'])).code).toBe(0);
    expect(JSON.parse((await cli.run(['profiles', '--json'])).stdout)).toMatchObject([
      { name: 'default', isCurrent: true },
      { name: 'second', isCurrent: false },
    ]);
    await cli.run(['profiles', 'remove', 'second']);
    expect(await cli.run(['jobs', '--profile', 'second'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('existing: default'),
    });
    await cli.run(['logout']);
    expect(await cli.run(['jobs'])).toMatchObject({
      code: 5,
      stderr: expect.stringContaining('jobtree login'),
    });
  });

  test('of a local service signs its tokens with the development key', async () => {
    const folder = join(cli.home, 'local');
    mkdirSync(folder);
    const keyFile = join(cli.home, 'key.json');
    writeFileSync(keyFile, JSON.stringify(developmentKey(join(cli.home, 'development-key.json'))));
    const local = { url: service.url, partition: 'demo', developmentKey: keyFile };
    writeFileSync(join(folder, 'profiles.json'), JSON.stringify({ current: 'local', profiles: { local } }));
    const { stdout } = await cli.run(['token', '--claims'], { env: { JOBTREE_CONFIG_DIR: folder } });

    expect(JSON.parse(stdout)).toMatchObject({ iss: 'jobtree-local', partitions: ['*'], role: 'admin' });
  });
});

describe('doctor', () => {
  test('passes every check of a service that accepts the token', async () => {
    await cli.run([...login(), '--device']);
    const { code, stdout } = await cli.run(['doctor', '--json']);

    expect(code).toBe(0);
    const states = Object.fromEntries(
      JSON.parse(stdout).map(({ name, state }: { name: string; state: string }) => [name, state]),
    );
    expect(states).toMatchObject({ service: 'ok', token: 'ok', expiry: 'ok', clock: 'ok', access: 'ok' });
    expect(states).toMatchObject({ compatibility: 'warning' });
  });

  test.each([
    ['an expired token', { JOBTREE_TOKEN: token({ exp: 1_700_000_000 }) }, 'Sign in again'],
    [
      'a token for another partition',
      { JOBTREE_TOKEN: token({ partitions: ['x'] }) },
      "include partition 'p1'",
    ],
    ['a token without a role', { JOBTREE_TOKEN: token({ role: undefined }) }, 'add the claims role'],
    [
      'a service that is down',
      { JOBTREE_URL: 'http://127.0.0.1:9', JOBTREE_TOKEN: token() },
      'Check the address',
    ],
  ])('names %s', async (_what, env, message) => {
    const { code, stdout } = await cli.run(['doctor'], { env });

    expect([code, stdout]).toEqual([1, expect.stringContaining(message)]);
  });
});

describe('completion', () => {
  test('of bash is valid, and completes commands, options and values', async () => {
    const { stdout: script } = await cli.run(['completion', 'bash']);
    const complete = (...words: string[]) => {
      const driver = `${script}\nCOMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=$((\${#COMP_WORDS[@]}-1)); _jobtree; printf '%s\\n' "\${COMPREPLY[@]}"`;
      return execFileSync('bash', ['-c', driver], { encoding: 'utf8' }).trim().split('\n');
    };

    execFileSync('bash', ['-n'], { input: script });
    expect(complete('jobtree', 'fai')).toEqual(['failures']);
    expect(complete('jobtree', '--profile', 'x', 'jobs', '--fai')).toEqual(['--failed']);
    expect(complete('jobtree', 'items', '--outcome', 's')).toEqual(['succeeded', 'skipped']);
    expect(complete('jobtree', 'profiles', '')).toEqual(['list', 'use', 'remove']);
    expect(complete('jobtree', 'run', 'package.j')).toEqual(['package.json']);
  });

  test.each([
    ['zsh', ['#compdef jobtree', "'failures:list the failures of a job'", '*--outcome[']],
    [
      'fish',
      [
        'complete -c jobtree -n __fish_use_subcommand -a failures',
        "-l outcome -x -a 'succeeded failed skipped'",
      ],
    ],
  ])('of %s names the commands and options', async (shell, parts) => {
    const { stdout } = await cli.run(['completion', shell]);

    for (const part of parts) expect(stdout).toContain(part);
  });
});

describe('the program', () => {
  test('prints its version, and help of every command', async () => {
    const { stdout: help } = await cli.run(['--help']);
    const names = [...help.matchAll(/^ {2}([a-z]+) .* {2}/gm)].map(([, name = '']) => name);

    expect((await cli.run(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect(names.length).toBeGreaterThan(25);
    const helps = await Promise.all(names.map((name) => cli.run([name, '--help'])));
    expect(helps.map(({ code }) => code)).toEqual(names.map(() => 0));
  });

  test('suggests the command for a misspelled one', async () => {
    expect(await cli.run(['fialures'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('failures'),
    });
  });

  test('loads less than 100 KB to print help', () => {
    expect(loadedBytes(cli.main)).toBeLessThan(100 * 1024);
  });

  test('ends quietly if its reader ends', () => {
    const command = `'${process.execPath}' '${cli.main}' completion bash | head -1`;

    expect(execFileSync('bash', ['-c', `set -o pipefail; ${command}`], { encoding: 'utf8' })).toContain(
      '# bash',
    );
  });
});

/** Bytes of a module and everything that it imports statically. */
function loadedBytes(file: string, seen = new Set<string>()): number {
  if (seen.has(file)) return 0;
  seen.add(file);
  const code = readFileSync(file, 'utf8');
  const imported = [...code.matchAll(/(?:from|import)"(\.\/[^"]+)"/g)].map(([, path = '']) => path);
  return imported.reduce((sum, path) => sum + loadedBytes(join(dirname(file), path), seen), code.length);
}
