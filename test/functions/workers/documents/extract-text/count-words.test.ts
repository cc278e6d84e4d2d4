import { expect, test } from 'vitest';
import { countWords } from '../../../../../functions/workers/documents/extract-text/count-words.ts';

test.each([
  ['', 0],
  ['# -- | *** 😀', 0],
  ['The quick brown fox', 4],
  ["don't stop at state-of-the-art 3.14", 5],
  ['Füße naïve Ελλάδα Москва', 4],
  ['안녕하세요 세계', 2],
  ['我们在北京学习中文', 5],
  ['東京は日本の首都です', 6],
  ['สวัสดีชาวโลก', 3],
])('%j has %i words', (text, words) => {
  expect(countWords(text)).toBe(words);
});

test('the windows of a long text split no word', () => {
  expect(countWords('words of many lengths\n'.repeat(20_000))).toBe(80_000);
});

test('twenty million characters take at most seconds, with or without spaces', () => {
  const started = performance.now();

  countWords('a-'.repeat(10_000_000));
  countWords('中'.repeat(1_000_000));

  expect(performance.now() - started).toBeLessThan(10_000);
}, 20_000);
