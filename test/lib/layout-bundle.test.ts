import { copyFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { LAYOUT_FONTS } from '../../functions/workers/documents/package-files.ts';
import { bundle } from '../../lib/bundle.ts';
import { projectFile } from '../../lib/own-code.ts';
import { folder } from './synthesized.ts';

test('a bundle lays out documents, although its dependencies expect folders of their own', async () => {
  const file = (name: string) => JSON.stringify(projectFile(`functions/workers/documents/layout/${name}.ts`));
  const source = `export { layOut } from ${file('lay-out')};\nexport { docxHtml } from ${file('docx-html')};`;
  const { directory } = bundle(folder, { entry: { source } });
  for (const { name, modulePath } of LAYOUT_FONTS)
    copyFileSync(createRequire(import.meta.url).resolve(modulePath), join(directory, name));
  const { layOut, docxHtml } = await import(pathToFileURL(join(directory, 'index.mjs')).href);

  const format = { pageSize: 'A4', orientation: 'portrait', margin: 56, fontSize: 10 };
  const { bytes } = await layOut('<h1>Title</h1><p><b>bold</b> <code>code</code></p>', format);
  expect(Buffer.from(bytes).subarray(0, 5).toString()).toBe('%PDF-');
  expect(docxHtml).toBeTypeOf('function');
});
