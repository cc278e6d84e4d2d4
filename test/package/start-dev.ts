/** Runs `jobtree dev` in an app until it is stopped. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { freePort } from '../../localstack/emulator/port.ts';
import { appPath } from './fresh-app.ts';

interface Dev {
  /** Variables of commands that use the profile of the service. */
  readonly env: Record<string, string>;
  /** Ends it as Ctrl-C does. Returns its exit code. */
  stop(): Promise<number | null>;
}

const READY = 'Press Ctrl-C to end the service.';

export async function startDev(app: string): Promise<Dev> {
  const env = { JOBTREE_CONFIG_DIR: join(app, '.config') };
  const args = ['dev', '--no-open', '--port', String(await freePort())];
  const child = spawn(join(app, 'node_modules/.bin/jobtree'), args, {
    cwd: join(app, 'lib'),
    env: { ...process.env, ...env, PATH: appPath(app) },
  });
  const ended = once(child, 'close') as Promise<[number | null]>;
  let output = '';
  const ready = new Promise<void>((resolve, reject) => {
    const read = (text: string) => {
      output += text;
      if (output.includes(READY)) resolve();
    };
    child.stdout.setEncoding('utf8').on('data', read);
    child.stderr.setEncoding('utf8').on('data', read);
    void ended.then(([code]) => reject(new Error(`jobtree dev ended with ${code}:\n${output}`)));
  });
  await ready;
  return {
    env,
    stop: async () => {
      child.kill('SIGINT');
      const [code] = await ended;
      return code;
    },
  };
}
