/** A shell that runs samples of the documentation, in a folder that looks like a checkout. */
import { type ChildProcessWithoutNullStreams, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { PROJECT_ROOT } from '../../localstack/local-aws.ts';

export interface ShellResult {
  readonly stdout: string;
  readonly stderr: string;
  /** Commands that ended with another code than 0, with the code. */
  readonly failed: readonly string[];
  /** HTTP statuses that curl received, in order. */
  readonly statuses: readonly number[];
}

/** Copied, because their own location is where they look for the checkout. */
const COPIED = ['package.json', 'package-lock.json', 'localstack'];
const NOT_LINKED = [...COPIED, '.git', '.jobtree', 'cdk.out', 'dist'];
const END = '--- end of the block ---';
/** The line of `source` repeats the failure of its last command. */
const FAILED = /^failed \d+: (?!source ).*$/gm;
const STATUS = /^HTTP (\d{3})$/gm;

/** One bash for all blocks: variables and aliases of a block exist in the next one, as in a reader's terminal. */
export class Shell {
  readonly folder = mkdtempSync(join(tmpdir(), 'jobtree-shell-'));
  readonly #bin = join(this.folder, '.bin');
  readonly #bash: ChildProcessWithoutNullStreams;
  #blocks = 0;
  #stdout = '';
  #stderr = '';
  #onOutput: () => void = () => undefined;

  /** @param programs scripts for `sh` that replace programs, by name */
  constructor(env: Readonly<Record<string, string>>, programs: Readonly<Record<string, string>> = {}) {
    for (const name of readdirSync(PROJECT_ROOT))
      if (!NOT_LINKED.includes(name)) symlinkSync(join(PROJECT_ROOT, name), join(this.folder, name));
    for (const name of COPIED) cpSync(join(PROJECT_ROOT, name), join(this.folder, name), { recursive: true });
    mkdirSync(this.#bin);
    const curl = execFileSync('sh', ['-c', 'command -v curl'], { encoding: 'utf8' }).trim();
    this.addProgram('curl', `exec ${curl} -w '%{stderr}\\nHTTP %{http_code}\\n' "$@"`);
    for (const [name, script] of Object.entries(programs)) this.addProgram(name, script);
    const PATH = [this.#bin, process.env['PATH']].join(delimiter);
    this.#bash = spawn('bash', ['-s'], { cwd: this.folder, env: { PATH, HOME: this.folder, ...env } });
    this.#bash.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.#stdout += text;
      this.#onOutput();
    });
    this.#bash.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr += text;
      this.#onOutput();
    });
    // Aliases work in a terminal, and not in a script unless it enables them.
    this.#bash.stdin.write(
      'shopt -s expand_aliases\nset -E\ntrap \'echo "failed $?: $BASH_COMMAND" >&2\' ERR\n',
    );
  }

  addProgram(name: string, script: string): void {
    writeFileSync(join(this.#bin, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(this.#bin, name), 0o755);
  }

  write(name: string, text: string): void {
    writeFileSync(join(this.folder, name), text);
  }

  async run(block: string): Promise<ShellResult> {
    this.#blocks += 1;
    const script = join(this.#bin, `block-${this.#blocks}`);
    writeFileSync(script, block);
    this.#bash.stdin.write(`source ${script} </dev/null\necho '${END}'\necho '${END}' >&2\n`);
    await new Promise<void>((resolve) => {
      this.#onOutput = () => {
        if (this.#stdout.includes(END) && this.#stderr.includes(END)) resolve();
      };
    });
    const [stdout, stderr] = [this.#stdout, this.#stderr].map((text) => text.replace(`${END}\n`, '')) as [
      string,
      string,
    ];
    this.#stdout = '';
    this.#stderr = '';
    const statuses = [...stderr.matchAll(STATUS)].map(([, status]) => Number(status));
    return { stdout, stderr, statuses, failed: stderr.match(FAILED) ?? [] };
  }

  async end(): Promise<void> {
    const closed = once(this.#bash, 'close');
    this.#bash.stdin.end();
    await closed;
    rmSync(this.folder, { recursive: true, force: true });
  }
}
