import { expect, test } from 'vitest';
import { resultNames } from '../../../../../functions/workers/documents/reading/result-names.ts';

test.each([
  [['chart.png'], 'pdf', ['chart.pdf']],
  [['chart.pdf'], 'tiff', ['chart.tiff']],
  [['latin1.txt'], 'txt', ['latin1.txt']],
  [['Report 3.5'], 'pdf', ['Report 3.5.pdf']],
  [['notes.v2'], 'txt', ['notes.v2.txt']],
  [['.txt'], 'txt', ['.txt.txt']],
  [['folder.zip/read'], 'txt', ['folder.zip/read.txt']],
  [['Größe 日本.DOCX'], 'pdf', ['Größe 日本.pdf']],
  [['a.png', 'a.jpg', 'b.png'], 'pdf', ['a.pdf', 'a.jpg.pdf', 'b.pdf']],
  [['a.png', 'A.jpg', 'A.jpg'], 'pdf', ['a.pdf', 'A.jpg.pdf', 'A.jpg (2).pdf']],
])('files that are made from %j to %s are named %j', (sources, extension, names) => {
  expect(resultNames(sources, extension)).toEqual(names);
});
