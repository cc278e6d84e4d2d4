import { expect, test } from 'vitest';
import { detectType } from '../../../../../functions/workers/documents/reading/detect-type.ts';
import { zipOf } from '../../../../support/documents/zips.ts';
import { pdfSaying } from '../extract-text/documents.ts';

const typeOf = (text: string | Buffer, name: string) => detectType(Buffer.from(text), name).type;

test('a PDF is detected by its header, regardless of its name', () => {
  expect(typeOf(pdfSaying('x'), 'a.txt')).toBe('application/pdf');
  expect(typeOf(Buffer.concat([Buffer.from([0, 1, 2]), pdfSaying('x')]), 'a.txt')).toBe('application/pdf');
});

test.each([
  ['a byte order mark', '\uFEFF'],
  ['blank lines', '\r\n\r\n'],
  ['thousands of blank lines', '\r\n'.repeat(3_000)],
  ['the header of a message', 'Content-Type: application/pdf\r\n\r\n'],
])('a PDF of ASCII characters is detected after %s', (_, before) => {
  const pdf = '%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\n';

  expect(typeOf(before + pdf, 'a.txt')).toBe('application/pdf');
});

test('text that quotes the header of a PDF is text', () => {
  expect(typeOf('A file starts with %PDF-1.7 if it is a PDF', 'a.txt')).toBe('text/plain');
});

test.each([
  ['<!DOCTYPE html><title>x</title>', 'notes.md'],
  ['\uFEFF\n<!-- saved -->\n<HTML lang="en">', 'a'],
  ['<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "">', 'a.xml'],
  ['<p>A piece <b>of a page</b></p>\n', 'piece'],
  ['<img src="a.png">', 'a.html'],
])('%j is HTML', (text, name) => {
  expect(typeOf(text, name)).toBe('text/html');
});

test.each([
  ['just words', 'README.md'],
  ['<h1 align="center">Logo</h1>\n', 'docs/README.MD'],
  ['# Title\n\nSee [the docs](https://example.org/).', 'README'],
  ['Title\n=====\n\n```sh\nnpm test\n```\n', 'notes.txt'],
])('%j named %s is Markdown', (text, name) => {
  expect(typeOf(text, name)).toBe('text/markdown');
});

test.each([
  ['# a comment\nprint(1)\n', 'run'],
  ['#!/bin/sh\n# see [docs](x)\n```\n', 'run'],
  ['# Title\n\n[a](b)', 'settings.yaml'],
  ['{"a": "<p>x</p>"}', 'a.json'],
  ['a < b and b > c', 'a.txt'],
  ['BM is a magic number, so is MZ', 'a.txt'],
  ['<svg><text>x</text></svg>', 'a.svg'],
])('%j named %s is plain text', (text, name) => {
  expect(typeOf(text, name)).toBe('text/plain');
});

test.each([
  ['blank lines', '\r\n\r\n'],
  ['a shell script', '#!/bin/sh\nexec unzip "$0"\n'],
  ['a program', `MZ\x90\0${'\x90'.repeat(3_000)}`],
])('a zip is detected after %s', async (_, before) => {
  const zip = await zipOf({ 'a.txt': 'text' });

  expect(typeOf(Buffer.concat([Buffer.from(before, 'latin1'), zip]), 'a')).toBe('application/zip');
  expect(typeOf(Buffer.concat([Buffer.from(before, 'latin1'), zip.subarray(0, -4)]), 'a')).not.toBe(
    'application/zip',
  );
});

const XML = '<?xml version="1.0"?>\n<?mso-application progid="Word.Document"?>\n';

test.each([
  ['flat XML', `${XML}<pkg:package xmlns:pkg="http://schemas.microsoft.com/office/2006/xmlPackage">`],
  ['Word 2003 XML', `${XML}<w:wordDocument xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml">`],
  ['XML Spreadsheet 2003', '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">'],
  ['fodt', '<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0">'],
  [
    'MHTML',
    'From: <Saved>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\tboundary="b"\r\n\r\n--b',
  ],
])('an office document in a text file is refused as %s', (format, text) => {
  expect(detectType(Buffer.from(text), 'a.doc')).toMatchObject({
    type: 'unsupported',
    format: expect.stringContaining(format),
  });
});

test('text that quotes the markup of an office document is text', () => {
  expect(typeOf('The root is <w:wordDocument x="1">', 'a.txt')).toBe('text/plain');
  expect(typeOf('Subject: x\nContent-Type: text/plain\n\nmultipart/related', 'a.eml')).toBe('text/plain');
});
