/** Files that other systems read wrong. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readLinesFile } from './read-lines-file.ts';

export const file = (name: string) => readFileSync(join(import.meta.dirname, 'files', name));
export const payloads = async (bytes: Uint8Array | string, definition: object = { format: 'csv' }) =>
  (await readLinesFile(bytes, definition)).map(({ payload, problem }) => problem ?? payload);
export const utf16le = (text: string) => Buffer.from(text, 'utf16le');
export const latin = (text: string) => Buffer.from(text, 'latin1');
