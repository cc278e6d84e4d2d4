import { execFile } from 'node:child_process';

const MAX_OUTPUT_BYTES = 16 * 1024 * 1024;

/** Returns the standard output of a program. Rejects with everything that it printed if it fails. */
export function runPython(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = {
      env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1', ...env },
      maxBuffer: MAX_OUTPUT_BYTES,
    };
    execFile(program, args, options, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(`${program} ${args.join(' ')} failed:\n${stdout}\n${stderr}`));
    });
  });
}
