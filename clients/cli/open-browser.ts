import { spawn } from 'node:child_process';

/** Returns the program that opens an address: `BROWSER`, or that of the operating system. CI has none. */
function browserCommand(env: NodeJS.ProcessEnv): readonly [string, ...string[]] | undefined {
  if (env['BROWSER'] !== undefined) return env['BROWSER'] === '' ? undefined : [env['BROWSER']];
  if (env['CI']) return undefined;
  if (process.platform === 'darwin') return ['open'];
  if (process.platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler'];
  return env['DISPLAY'] || env['WAYLAND_DISPLAY'] ? ['xdg-open'] : undefined;
}

/** Opens an address in the user's browser. Returns false if there is none. */
export function openBrowser(url: string, env: NodeJS.ProcessEnv): boolean {
  const command = browserCommand(env);
  if (command === undefined) return false;
  const [program, ...args] = command;
  const child = spawn(program, [...args, url], { stdio: 'ignore', detached: true });
  child.on('error', () => undefined);
  child.unref();
  return true;
}
