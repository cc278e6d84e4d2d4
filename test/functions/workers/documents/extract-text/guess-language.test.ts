import { expect, test } from 'vitest';
import { guessLanguage } from '../../../../../functions/workers/documents/extract-text/guess-language.ts';
import { readMarkdown } from '../../../../../functions/workers/documents/text/read-markdown.ts';
import { fromPackage } from './documents.ts';

test.each([
  ['en', 'Install the package and import the client; the options are described below.'],
  ['de', 'Der Auftrag wird in viele kleine Schritte geteilt und danach genau verfolgt.'],
  ['fr', 'La tâche est divisée en petites étapes, puis suivie avec précision.'],
  ['es', 'El trabajo se divide en pequeños pasos y luego se sigue con exactitud.'],
  ['pt', 'O trabalho é dividido em pequenas etapas e depois acompanhado com exatidão.'],
  ['nl', 'De taak wordt in kleine stappen verdeeld en daarna nauwkeurig gevolgd.'],
  ['pl', 'Zadanie jest dzielone na małe kroki, a następnie dokładnie śledzone.'],
  ['ru', 'Каждый документ читается только один раз; если чтение не удалось, причина указана в ответе.'],
  ['zh', '任务被分成许多小步骤，然后被准确地跟踪，直到全部完成为止。'],
  ['ja', 'ジョブは小さなステップに分割され、その後正確に追跡されます。'],
])('%s is recognised', (language, text) => {
  expect(guessLanguage(text)).toBe(language);
});

test.each([
  'zod/README.md',
  'marked/README.md',
  'esbuild/README.md',
  'aws-cdk-lib/README.md',
  'eld/README.md',
])('English technical Markdown is English: %s', (path) => {
  expect(guessLanguage(fromPackage(path).toString())).toBe('en');
});

test('a long text in another script is recognised despite English terms', () => {
  const { text } = readMarkdown(fromPackage('@biomejs/biome/README.kr.md').toString());

  expect(guessLanguage(text)).toBe('ko');
});

test.each(['', '1 2 3', 'OK', 'GPL-3.0', 'qwertzuiop asdfghjkl yxcvbnm', "Vitest's module mocker"])(
  '%j is too short or unusual to determine',
  (text) => {
    expect(guessLanguage(text)).toBe('und');
  },
);
