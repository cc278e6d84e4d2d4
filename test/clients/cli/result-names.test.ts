import { describe, expect, test } from 'vitest';
import { FileNames } from '../../../clients/cli/result-names.ts';

function named(filenames: readonly string[], platform = 'linux'): string[] {
  const names = new FileNames(platform);
  return filenames.map((filename) => names.of({ filename }));
}

describe('a downloaded file', () => {
  test('keeps every character of its name', () => {
    const filenames = [
      'Größe Übersicht.txt',
      '日本語.txt',
      '🎉.txt',
      `a"b';%41.txt`,
      'dots...',
      'u\u0308.txt',
    ];

    expect(named(filenames)).toEqual(filenames);
  });

  test.each([
    ['../../etc/passwd', 'etc/passwd'],
    ['/etc/passwd', 'etc/passwd'],
    ['..', 'file'],
    ['', 'file'],
    ['a\u0000\n.txt', 'a__.txt'],
    ['a\\b.txt', 'a_b.txt'],
  ])('stays in the folder: %j', (filename, expected) => {
    expect(named([filename])).toEqual([expected]);
  });

  test('never overwrites another one, also on file systems that ignore case and form', () => {
    expect(named(['a.txt', 'A.txt', 'a.txt', '\u00fc', 'u\u0308', 'dir', 'dir/b', 'x/y', 'x'])).toEqual([
      'a.txt',
      'A-2.txt',
      'a-3.txt',
      '\u00fc',
      'u\u0308-2',
      'dir',
      'dir-2/b',
      'x/y',
      'x-2',
    ]);
  });

  test('has a name that the system allows', () => {
    const [long = ''] = named([`${'日'.repeat(200)}.txt`]);

    expect(Buffer.byteLength(long)).toBeLessThanOrEqual(250);
    expect(long).toMatch(/日\.txt$/);
    expect(named(['a"b.txt', 'dots...', 'con.txt', 'c:'], 'win32')).toEqual([
      'a_b.txt',
      'dots_',
      '_con.txt',
      'c_',
    ]);
  });
});
