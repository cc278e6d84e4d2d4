import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { environment } from '../../../aws/runtime.ts';
import { type ProcessEnd, type ProcessLimits, runLimited } from './limited-process.ts';
import { checkSystem, failureOf } from './office-failures.ts';
import { officeSettings } from './office-settings.ts';
import type { OfficeExtension } from './office-type.ts';

const MEBIBYTE = 1024 * 1024;

/** Limits of one document. A report of 400 pages takes about 2 seconds of CPU time and 211 MiB. */
export const OFFICE_LIMITS: Omit<ProcessLimits, 'signal'> = {
  cpuSeconds: 120,
  wallSeconds: 240,
  memoryBytes: 1200 * MEBIBYTE,
  fileBytes: 256 * MEBIBYTE,
};

const OFFICE = 'soffice';

/** Makes a PDF of an office document, in a new process of LibreOffice with a new profile. */
export async function convertOffice(
  bytes: Uint8Array,
  type: OfficeExtension,
  limits: ProcessLimits,
): Promise<Uint8Array<ArrayBuffer>> {
  checkSystem();
  const first = await convertOnce(bytes, type, limits);
  // A crash may have been an accident of timing. A second one is caused by the document.
  const end = 'kind' in first && first.kind === 'crashed' ? await convertOnce(bytes, type, limits) : first;
  if (!('kind' in end)) return end;
  throw failureOf(end, limits);
}

async function convertOnce(
  bytes: Uint8Array,
  type: OfficeExtension,
  limits: ProcessLimits,
): Promise<Uint8Array<ArrayBuffer> | ProcessEnd> {
  const folder = await mkdtemp(join(tmpdir(), 'jobtree-office-'));
  try {
    const source = join(folder, `document.${type}`);
    const profile = join(folder, 'profile');
    const result = join(folder, 'result');
    await mkdir(join(profile, 'user'), { recursive: true });
    await writeFile(join(profile, 'user', 'registrymodifications.xcu'), officeSettings());
    await writeFile(source, bytes);
    const options = ['--headless', '--norestore', '--nolockcheck', '--nodefault', '--nologo'];
    const program = [
      OFFICE,
      `-env:UserInstallation=${pathToFileURL(profile).href}`,
      ...options,
      '--convert-to',
      'pdf',
      '--outdir',
      result,
      source,
    ];
    const end = await runLimited(program, folder, { ...limits, environment: environmentIn(folder) });
    if (end.kind !== 'exited' || end.code !== 0) return end;
    return (await readIfExists(join(result, 'document.pdf'))) ?? end;
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

function environmentIn(folder: string): Readonly<Record<string, string>> {
  // LibreOffice and its libraries store caches in the first two. The next two make results independent of the machine.
  return { HOME: folder, TMPDIR: folder, TZ: 'UTC', LC_ALL: 'C.UTF-8', PATH: environment['PATH'] ?? '' };
}

async function readIfExists(file: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    return new Uint8Array(await readFile(file));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
