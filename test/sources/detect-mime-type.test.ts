import { expect, test } from 'vitest';
import { plainMimeType } from '#core/mime-types.ts';
import { typeOfContent } from '../../functions/sources/detect-mime-type.ts';
import { docxOf, paragraph } from '../support/documents/office.ts';
import { aZip } from '../support/zips.ts';

test.each([
  ['%PDF-1.7', 'a.txt', 'application/pdf'],
  ['junk\n%PDF-1.7', '', 'application/pdf'],
  ['\x89PNG\r\n\x1a\n', '', 'image/png'],
  ['\xff\xd8\xff\xe0', '', 'image/jpeg'],
  ['II*\0', '', 'image/tiff'],
  ['GIF89a', '', 'image/gif'],
  ['some text', '', 'text/plain'],
  ['a,b', 'a.csv', 'text/csv'],
  ['<?xml version="1.0"?><a/>', '', 'application/xml'],
  ['<!DOCTYPE html><p>', '', 'text/html'],
  ['\0\x01\x02', '', 'application/octet-stream'],
  ['', '', 'application/octet-stream'],
])('the type of %j named %j is %s', (content, name, type) => {
  expect(typeOfContent(Buffer.from(content, 'latin1'), name)).toBe(type);
});

test('an office file is not taken for a zip', async () => {
  const docx = await docxOf(paragraph('x'));
  const type = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';

  expect(typeOfContent(docx.subarray(0, 4_096), 'upload')).toBe(type);
  expect(typeOfContent(await aZip({ 'a.txt': 'x' }), 'upload')).toBe('application/zip');
});

test.each([
  ['application/x-zip-compressed', 'application/zip'],
  ['Application/ZIP; charset=binary', 'application/zip'],
  ['image/jpg', 'image/jpeg'],
  ['text/xml', 'application/xml'],
  ['application/x-pdf', 'application/pdf'],
  [' ; a=b', 'application/octet-stream'],
  ['constructor', 'constructor'],
])('%j is %s', (mimeType, plain) => {
  expect(plainMimeType(mimeType)).toBe(plain);
});
