/** Runs the bundled command as a process: through pipes, or in a pseudo terminal. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { omitUndefined } from '#core/omit-undefined.ts';
import { writeCommandLine } from '../../../build/command-line.ts';
import { findPython } from '../../../localstack/emulator/python.ts';
import { PROJECT_ROOT } from '../../../localstack/local-aws.ts';

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly input?: string;
  /** Called with stderr so far; returns a signal to send. */
  readonly signalOn?: (stderr: string) => NodeJS.Signals | undefined;
}

/** A text that the terminal must show, and what the user then types. */
export interface Keys {
  readonly expect: string;
  readonly type: string;
}

/** The Node of the machine, which may be older than the one of the repository. */
const MACHINE_NODE = ['/usr/bin/node', '/usr/local/bin/node'].find(existsSync) ?? process.execPath;
const CTRL_C = '\u0003';

export class CommandLine {
  /** The user's home, with profiles and credentials. */
  readonly home = mkdtempSync(join(tmpdir(), 'jobtree-cli-'));
  readonly #bundle = join(this.home, 'bundle');
  readonly #env: Record<string, string>;

  constructor(env: Readonly<Record<string, string>> = {}) {
    writeCommandLine(this.#bundle);
    const { PATH = '' } = process.env;
    this.#env = { PATH, HOME: this.home, TZ: 'Europe/Berlin', BROWSER: '', ...env };
  }

  get main(): string {
    return join(this.#bundle, 'main.js');
  }

  run(args: readonly string[], options: RunOptions = {}): Promise<Ended> {
    return runProgram(MACHINE_NODE, [this.main, ...args], {
      ...options,
      env: { ...this.#env, ...options.env },
    });
  }

  /** Runs the command in a pseudo terminal. Stdout is what the terminal received. */
  async inTerminal(
    args: readonly string[],
    { keys = [], env = {}, cwd }: { keys?: readonly Keys[] } & Pick<RunOptions, 'env' | 'cwd'> = {},
  ): Promise<Ended> {
    const python = await findPython();
    const script = join(PROJECT_ROOT, 'test/support/terminal.py');
    const command = [script, JSON.stringify(keys), MACHINE_NODE, this.main, ...args];
    return runProgram(python, command, {
      env: { ...this.#env, TERM: 'xterm-256color', ...env },
      ...omitUndefined({ cwd }),
    });
  }

  remove(): void {
    rmSync(this.home, { recursive: true, force: true });
  }
}

/** Types Ctrl-C as soon as the terminal shows a text. */
export function interruptAt(text: string): Keys[] {
  return [{ expect: text, type: CTRL_C }];
}

export function runProgram(
  program: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<Ended> {
  const { env, cwd, input = '', signalOn } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { ...(env && { env }), ...(cwd && { cwd }) });
    let [stdout, stderr] = ['', ''];
    let isSignalled = false;
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
      const signal = isSignalled ? undefined : signalOn?.(stderr);
      if (signal === undefined) return;
      isSignalled = true;
      child.kill(signal);
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? -1, stdout, stderr }));
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}
