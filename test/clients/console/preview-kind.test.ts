import { expect, test } from 'vitest';
import { downloadUrl, previewKind } from '../../../clients/console/pages/job/preview-kind.ts';

test.each(['https://example.com/a.pdf', 'http://127.0.0.1:4566/a.pdf', 'HTTPS://EXAMPLE.COM/'])(
  '%s is a download',
  (url) => {
    expect(downloadUrl({ url })).toBe(url);
  },
);

test.each([
  'javascript:alert(1)',
  ' javascript:alert(1)',
  'data:text/html,x',
  's3://bucket/key',
  'blob:https://x',
])('%s is not a download', (url) => {
  expect(downloadUrl({ url })).toBeUndefined();
});

test.each([
  ['image/png', 'image'],
  ['Application/PDF', 'pdf'],
  ['application/problem+json; charset=utf-8', 'json'],
  ['text/html', 'text'],
  ['application/zip', undefined],
])('a file of type %s has the preview %s', (mimeType, kind) => {
  expect(previewKind({ mimeType })).toBe(kind);
});
