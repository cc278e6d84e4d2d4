/** Documents of other programs: libraries of Python write them, and tell which texts they contain. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { extractText } from '../../../../functions/workers/documents/extract-text/extract-text.ts';
import { worker as mergePdfWorker } from '../../../../functions/workers/documents/merge-pdf/definition.ts';
import { worker as toPdfWorker } from '../../../../functions/workers/documents/to-pdf/definition.ts';
import { environmentPython } from '../../../../localstack/emulator/python.ts';
import { runWorker } from '../../../support/documents/run-worker.ts';

const WRITERS = {
  program: 'the writers of documents',
  folder: 'document-writers',
  requirements: 'test/support/documents/writers/requirements.txt',
  oldestMinor: 10,
  alternative: 'or leave this test to CI',
};
/** Documents of each kind. */
const COUNT = 40;
const SEED = 1;

const folder = mkdtempSync(join(tmpdir(), 'jobtree-writers-'));
let python: string;
let texts: Readonly<Record<string, readonly string[]>>;

function run(program: string, ...args: readonly string[]): string {
  const file = join(import.meta.dirname, '../../../support/documents/writers', program);
  return execFileSync(python, [file, ...args], { encoding: 'utf8' });
}

beforeAll(async () => {
  python = await environmentPython(WRITERS, () => undefined);
  run('write.py', folder, String(SEED), String(COUNT));
  texts = JSON.parse(readFileSync(join(folder, 'texts.json'), 'utf8'));
}, 180_000);

afterAll(() => rmSync(folder, { recursive: true }));

test.each(['docx', 'openpyxl.xlsx', 'xlsxwriter.xlsx', 'pptx', 'odt', 'ods', 'pdf'])(
  'every text of %s files is read once, in order, and nothing else with a number',
  async (kind) => {
    const names = Object.keys(texts).filter((name) => name.endsWith(`.${kind}`));
    expect(names).toHaveLength(COUNT);

    for (const name of names) {
      const { text, note } = await extractText(readFileSync(join(folder, name)), { name });

      let end = 0;
      const missing = (texts[name] ?? []).filter((expected) => {
        const position = text.indexOf(expected, end);
        if (position >= 0) end = position + expected.length;
        return position < 0;
      });
      expect([name, missing, note]).toEqual([name, [], undefined]);
      const unique = /#\d{5}\./g;
      const numbered = (texts[name] ?? []).filter((expected) => expected.search(unique) >= 0);
      expect([name, text.match(unique)?.length ?? 0]).toEqual([name, numbered.length]);
    }
  },
);

test.each(['xlsxwriter.xlsx', 'pptx'])(
  'every text of %s files is in the PDF of to-pdf',
  async (kind) => {
    const names = Object.keys(texts).filter((name) => name.endsWith(`.${kind}`));
    expect(names).toHaveLength(COUNT);

    for (const name of names) {
      const { files } = await runWorker(toPdfWorker, { [name]: readFileSync(join(folder, name)) });
      const [pdf = new Uint8Array()] = [...files.values()];
      const { text } = await extractText(new Uint8Array(pdf), { name: 'a.pdf' });

      // The fonts do not have every script, and a long text may be in two lines. Numbers are always drawn in one piece.
      const numbers = (texts[name] ?? []).flatMap(
        (expected) => expected.match(/#\d{5}\.|^[\d,.%-]+$/g) ?? [],
      );
      expect(numbers.length).toBeGreaterThan(0);
      expect([name, numbers.filter((number) => !text.includes(number))]).toEqual([name, []]);
    }
  },
  120_000,
);

test('pypdf reads every field of merged PDFs', async () => {
  const names = Object.keys(texts).filter((name) => name.endsWith('.pdf'));
  const sources = Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name))]));
  const valuesOf = (...documents: readonly string[]): string[] =>
    JSON.parse(run('fields.py', ...documents.map((name) => join(folder, name))));

  const { files } = await runWorker(mergePdfWorker, sources);

  writeFileSync(join(folder, 'merged'), files.get('i.pdf') ?? '');
  const expected = valuesOf(...names);
  expect(expected.length).toBeGreaterThan(COUNT);
  expect(valuesOf('merged')).toEqual(expected);
}, 120_000);
