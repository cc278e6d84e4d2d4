import { expect, test } from 'vitest';
import { scanArguments } from '../../../clients/scan/arguments.ts';

const ENVIRONMENT = { JOBTREE_URL: 'http://localhost:1/v1/', JOBTREE_TOKEN: 'a.b.c' };
const read = (text: string, environment: object = ENVIRONMENT) =>
  scanArguments(text.split(' ').filter(Boolean), { ...environment });

test('only a folder and a partition are required', () => {
  expect(read('in --partition p')).toEqual({
    folder: 'in',
    partition: 'p',
    url: 'http://localhost:1/v1',
    token: 'a.b.c',
    once: false,
    intervalMillis: 5000,
    limits: { high: 100, low: 50, jobsPerScan: 20, maxItems: 10_000 },
  });
});

test('options override the environment, and low follows high', () => {
  const given = read('in --partition p --url https://api --token t --once --interval 0.5 --high 10');

  expect(given).toMatchObject({ url: 'https://api', token: 't', once: true, intervalMillis: 500 });
  expect(given.limits).toMatchObject({ high: 10, low: 5 });
});

test.each([
  ['--partition p', 'one folder is expected, got 0'],
  ['a b --partition p', 'one folder is expected, got 2'],
  ['a', '--partition: the partition id is empty'],
  ['a --partition p.q', 'a character that is not allowed'],
  ['a --partition p --interval 0', "--interval is '0'"],
  ['a --partition p --interval x', "--interval is 'x'"],
  ['a --partition p --high 0', "--high is '0'; a whole number from 1"],
  ['a --partition p --high 5 --low 5', '--low is 5; it must be below --high'],
  ['a --partition p --max-items 1e3', "--max-items is '1e3'"],
  ['a --partition p --url ftp://x', "--url is 'ftp://x'; use the URL of the API"],
  ['a --partition p --hihg 5', "Unknown option '--hihg'"],
])('%s is refused with a message', (text, words) => {
  expect(() => read(text)).toThrow(words);
});

test('a token and a URL are required', () => {
  expect(() => read('a --partition p', { JOBTREE_URL: 'http://x' })).toThrow('--token is missing');
  expect(() => read('a --partition p', {})).toThrow("--url is ''");
});
