import { describe, expect, test } from 'vitest';
import { fileNameOf } from '#core/source-name.ts';

const ULID = '01k0abcdefghjkmnpqrstvwxyz';

describe('the default name of a file is', () => {
  test.each([
    [`upload:${ULID}-a b.pdf`, 'a b.pdf'],
    [`upload:${ULID}`, ULID],
    [`uploads/p1/${ULID}-scan.tiff`, 'scan.tiff'],
    ['upload:nope', 'nope'],
    ['s3://bucket/2026/11/letter?.pdf', 'letter?.pdf'],
    ['s3://bucket/folder/', 's3://bucket/folder/'],
    ['https://example.com/a/b%20c.pdf?version=2#page=3', 'b c.pdf'],
    ['https://example.com/a/100%.pdf', '100%.pdf'],
    [`upload:${ULID}-mails.zip#entry=2026%2Fnovember.txt`, 'november.txt'],
    [`upload:${ULID}-mails.zip#entry=folder%2F`, 'mails.zip'],
    ['data/p1/reports/q3.xlsx', 'q3.xlsx'],
  ])('%s: %s', (source, name) => {
    expect(fileNameOf(source)).toBe(name);
  });
});
