/** Generated files as Python encodes and reads them. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findPython } from '../../localstack/emulator/python.ts';
import { runPython } from '../clients/python/run-python.ts';
import type { Encoding } from './alphabets.ts';

interface GeneratedFile {
  readonly encoding: Encoding;
  readonly text: string;
}

export interface PythonReading<R> {
  readonly bytes: Uint8Array;
  readonly records: readonly R[];
}

/** Reads all files in one process. `formOf` returns the options of Python's csv module. */
export async function readByPython<F extends GeneratedFile, R>(
  files: readonly F[],
  formOf?: (file: F) => Readonly<Record<string, string>>,
): Promise<PythonReading<R>[]> {
  const folder = mkdtempSync(join(tmpdir(), 'jobtree-reading-'));
  try {
    const sent = files.map((file) => {
      const { codec, hasMark } = file.encoding;
      const form = formOf === undefined ? {} : { csv: formOf(file) };
      return { text: file.text, codec, mark: hasMark, ...form };
    });
    const [filesPath, resultsPath] = [join(folder, 'files.json'), join(folder, 'results.json')];
    writeFileSync(filesPath, JSON.stringify(sent));
    const script = join(import.meta.dirname, 'read_records.py');
    await runPython(await findPython(), [script, filesPath, resultsPath]);
    const results: { bytes: string; records: R[] }[] = JSON.parse(readFileSync(resultsPath, 'utf8'));
    return results.map(({ bytes, records }) => ({ bytes: Buffer.from(bytes, 'base64'), records }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
