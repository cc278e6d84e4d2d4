import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Stack } from 'aws-cdk-lib';
import { afterAll, expect, test } from 'vitest';
import { fontsOf } from '../../lib/document-fonts.ts';
import { JobService } from '../../lib/job-service.ts';
import { shippedWorkers } from '../../lib/shipped-workers.ts';
import { SAMPLE_FONTS } from '../support/documents/sample-fonts.ts';
import { newApp } from './synthesized.ts';

const folder = mkdtempSync(join(tmpdir(), 'jobtree-fonts-'));
const fileOf = (name: string, head: string) => {
  const file = join(folder, name);
  writeFileSync(file, Buffer.from(head, 'hex'));
  return file;
};

afterAll(() => rmSync(folder, { recursive: true }));

test('the font files of the app are next to the code of the workers that make PDFs, in their order', () => {
  const workers = shippedWorkers({ documents: true, documentFonts: SAMPLE_FONTS });

  for (const [name, hasFonts] of Object.entries({ 'to-pdf': true, 'merge-pdf': true, 'to-tiff': false })) {
    const { code } = workers.get(name) ?? {};
    if (code === undefined || 'function' in code) throw new Error(`${name} is not bundled`);
    const added = code.packageFiles.filter(({ modulePath }) => SAMPLE_FONTS.includes(modulePath));
    expect(added.map(({ modulePath }) => modulePath)).toEqual(hasFonts ? SAMPLE_FONTS : []);
    expect(JSON.parse(code.environment['JOBTREE_DOCUMENT_FONTS'] ?? '[]')).toEqual(
      added.map((file) => file.name),
    );
  }
});

test.each([
  ['a missing file', () => 'fonts/none.otf', "'fonts/none.otf', which does not exist; use the path of a TTF"],
  ['a file of another kind', () => fileOf('a.txt', '68656c6c6f'), 'which is not a font'],
  ['a web font', () => fileOf('a.woff2', '774f463200'), 'which is a web font'],
  ['a collection of fonts', () => fileOf('a.ttc', '7474636600'), 'which is a collection'],
])('%s is refused with the reason', (_, make, message) => {
  expect(() => fontsOf([make()])).toThrow(message);
});

test('fonts without document workers are refused', () => {
  const stack = new Stack(newApp(), 'fonts');

  expect(() => new JobService(stack, 'Jobs', { documentFonts: SAMPLE_FONTS })).toThrow(
    'documentFonts has no effect without document workers; set documents: true',
  );
});
