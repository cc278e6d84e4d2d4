import { expect, test } from 'vitest';
import { refusal } from '#contract/problem.ts';
import { RestJobs } from '../../../clients/scan/rest-jobs.ts';
import { watch } from '../../../clients/scan/watch.ts';
import type { ScanSummary } from '../../../functions/scan-sources/scan.ts';

const NOTHING: ScanSummary = { created: 0, refused: 0, found: 0, isFull: false };

/** Runs `watch` with these scan results, and aborts after the last one. */
async function watched(looks: readonly (ScanSummary | Error)[], once = false) {
  const ending = new AbortController();
  const lines: string[] = [];
  const open = [...looks];
  const scan = async () => {
    const look = open.shift() ?? NOTHING;
    if (open.length === 0 && !once) ending.abort();
    if (look instanceof Error) throw look;
    return look;
  };
  const code = await watch({
    scan,
    once,
    intervalMillis: 1,
    signal: ending.signal,
    print: (line) => lines.push(line),
  });
  return { code, lines, left: open.length };
}

test('a failed scan is reported, and the next one runs', async () => {
  const { code, lines, left } = await watched([new Error('no answer'), NOTHING, NOTHING]);

  expect({ code, lines, left }).toEqual({ code: 0, lines: ['no answer'], left: 0 });
});

test('a refused token ends the watch', async () => {
  const { code, lines, left } = await watched([refusal('unauthorized', 'the token has expired'), NOTHING]);

  expect({ code, lines, left }).toEqual({ code: 1, lines: ['the token has expired'], left: 1 });
});

test('waiting requests are reported once', async () => {
  const full = { ...NOTHING, found: 3, isFull: true };

  const { lines } = await watched([full, full, NOTHING, full, NOTHING]);

  expect(lines).toEqual(Array(2).fill('3 requests wait until fewer jobs are unfinished'));
});

test('once ends when no request is left, with exit code 1 after a failure or a refusal', async () => {
  const ends = [
    await watched([{ ...NOTHING, found: 2, created: 2 }, NOTHING, NOTHING], true),
    await watched([{ ...NOTHING, found: 2, refused: 1 }, NOTHING], true),
    await watched([new Error('no answer'), NOTHING], true),
  ];

  expect(ends.map(({ code, left }) => [code, left])).toEqual([
    [0, 1],
    [1, 0],
    [1, 1],
  ]);
});

test('a call without a usable response is retried, and the last failure is thrown', async () => {
  const answers: (Response | Error)[] = [
    new TypeError('reset'),
    new Response('', { status: 503 }),
    Response.json(7),
  ];
  const jobs = new RestJobs({
    base: 'http://api.test/v1',
    token: 't',
    partition: 'p',
    signal: new AbortController().signal,
    fetch: async () => {
      const answer = answers.shift() ?? new TypeError('gone', { cause: 'no route to host' });
      if (answer instanceof Error) throw answer;
      return answer;
    },
  });

  expect(await jobs.countUnfinished()).toBe(7);
  await expect(jobs.countUnfinished()).rejects.toThrow(
    'GET http://api.test/v1/partitions/p/jobStats/count got no response: no route to host',
  );
});
