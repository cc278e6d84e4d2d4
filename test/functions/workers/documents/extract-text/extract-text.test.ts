import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { extractText } from '../../../../../functions/workers/documents/extract-text/extract-text.ts';
import { fromPackage, pdfSaying, realPdf } from './documents.ts';

describe('a PDF', () => {
  test('returns text, pages, language and hash', async () => {
    const { text, words, ...measures } = await extractText(realPdf('UDHR.pdf'), { name: 'UDHR.pdf' });

    expect(text).toMatch(/^Universal Declaration of Human Rights\nPreamble\nWhereas recognition/);
    expect(text).toContain('Everyone has the right to education.');
    expect(words).toBeGreaterThan(1_700);
    expect(measures).toEqual({
      type: 'application/pdf',
      pages: 8,
      characters: text.length,
      language: 'en',
      sha256: createHash('sha256').update(realPdf('UDHR.pdf')).digest('hex'),
    });
  });

  test('in German or French is distinguished from English', async () => {
    const german = await extractText(realPdf('Testfile_A.pdf'), { name: 'a.pdf' });
    const french = await extractText(realPdf('issue-88.pdf'), { name: 'b.pdf' });

    expect([german.language, french.language]).toEqual(['de', 'fr']);
    expect(german.text).toContain('Fräulein und Sülze');
  });

  test('with a title in its properties returns it', async () => {
    expect((await extractText(realPdf('issue-42.pdf'), { name: 'page.pdf' })).title).toBe('Google');
  });

  test('separates its pages', async () => {
    expect(await extractText(realPdf('2468.pdf'), { name: 'n.pdf' })).toMatchObject({
      text: '2\n\n4\n\n6\n\n8',
      pages: 4,
      words: 4,
      language: 'und',
    });
  });

  test('without text is read with a note that suggests OCR', async () => {
    const read = await extractText(pdfSaying(''), { name: 'scan.pdf' });

    expect(read).toMatchObject({ words: 0, characters: 0, language: 'und' });
    expect(read.note).toContain('run text recognition (OCR) first');
  });
});

describe('text documents', () => {
  test('a README returns its title and words without markup', async () => {
    const { type, title, text, language } = await extractText(fromPackage('zod/README.md'), {
      name: 'README.md',
    });

    expect({ type, title, language }).toEqual({ type: 'text/markdown', title: 'Zod', language: 'en' });
    expect(text).toContain('TypeScript-first schema validation with static type inference');
    expect(text).not.toMatch(/https:|<img|\]\(|```/);
  });

  test('an HTML page returns no script', async () => {
    const page = fromPackage('tslib/tslib.html');

    expect(await extractText(page, { name: 'tslib.html' })).toMatchObject({ type: 'text/html', words: 0 });
  });

  test('plain text is unchanged except for line ends', async () => {
    const { text, characters, words } = await extractText(Buffer.from('one\r\n\r\n  two 😀\n'), {
      name: 'a.txt',
    });

    expect({ text, characters, words }).toEqual({ text: 'one\n\n  two 😀\n', characters: 13, words: 2 });
  });

  test('a known language is not guessed', async () => {
    const bytes = Buffer.from('The quick brown fox jumps over the lazy dog');

    expect((await extractText(bytes, { name: 'a.txt', language: 'en-GB' })).language).toBe('en-GB');
  });
});

describe('the caller', () => {
  test('keeps its bytes, and can pass a part of a larger buffer', async () => {
    const whole = Buffer.from('before|the text|after');
    const part = whole.subarray(7, 15);

    expect((await extractText(part, { name: 'a.txt' })).text).toBe('the text');
    expect(whole.toString()).toBe('before|the text|after');
  });

  test('can read many documents at once', async () => {
    const readings = Array.from({ length: 20 }, (_, i) =>
      extractText(Buffer.from(`number ${i}`), { name: `${i}.txt` }),
    );

    expect((await Promise.all(readings)).map(({ text }) => text)).toEqual(
      readings.map((_, i) => `number ${i}`),
    );
  });

  test('can abort while a document is read, and the next one is read', async () => {
    const endless = Buffer.from('<div>'.repeat(400_000) + '</p>'.repeat(1_000_000));

    const reading = extractText(endless, { name: 'a.html', signal: AbortSignal.timeout(300) });

    await expect(reading).rejects.toThrow('aborted due to timeout');
    expect((await extractText(Buffer.from('next'), { name: 'a.txt' })).text).toBe('next');
  });
});
