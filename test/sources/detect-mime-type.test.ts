import { expect, test } from 'vitest';
import { plainMimeType } from '#core/mime-types.ts';
import {
  type ContentPorts,
  typeOfContent,
  withDetectedType,
} from '../../functions/sources/detect-mime-type.ts';
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
  ['\xff\xfet\0e\0x\0t\0', '', 'text/plain'],
  ['\xfe\xff\0<\0h\0t\0m\0l\0>', '', 'text/html'],
  ['Gr\xfc\xdfe aus K\xf6ln, die l\xe4nger sind als ein Wort', '', 'text/plain'],
  ['\0\0\0\x1cftypavif\0\0\0\0', '', 'image/avif'],
  ['\0\0\0\x1cftypheic\0\0\0\0', '', 'image/heic'],
  ['\0\0\0\x0cjP  \r\n\x87\n', '', 'image/jp2'],
  ['\xff\xfd\x01 and then more than thirty-two bytes', '', 'application/octet-stream'],
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
  ['"application/zip"', 'application/zip'],
  ['application/zip, application/zip', 'application/zip'],
  ['application/x-compressed', 'application/octet-stream'],
  ['unknown/unknown', 'application/octet-stream'],
  ['binary', 'application/octet-stream'],
  ['constructor', 'application/octet-stream'],
  ['image/*', 'image/*'],
  ['*/*', '*/*'],
])('%j is %s', (mimeType, plain) => {
  expect(plainMimeType(mimeType)).toBe(plain);
});

test.each(['*/*', 'image/*', 'binary', ''])(
  'a part of the type %j is detected by its content',
  async (mimeType) => {
    const objects = { locate: (address: unknown) => address, get: async () => Buffer.from('PK\x03\x04') };
    const ports = { objects, openPart: () => Promise.reject(new Error('not called')) };
    const part = { type: 'BASE_PART', key: 'a', filename: 'a', mimeType } as const;

    expect(await withDetectedType(part, ports as unknown as ContentPorts)).toMatchObject({
      mimeType: 'application/zip',
    });
  },
);
