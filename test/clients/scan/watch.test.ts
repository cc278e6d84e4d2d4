import { expect, test } from 'vitest';
import { refusal } from '#contract/problem.ts';
import { RestJobs } from '../../../clients/scan/rest-jobs.ts';
import { watch } from '../../../clients/scan/watch.ts';
import type { Scanned } from '../../../functions/scan-sources/scan.ts';

const NOTHING: Scanned = { created: 0, refused: 0, found: 0, isFull: false };

/** Watches looks that give these, and ends by a signal behind the last one. */
async function watched(looks: readonly (Scanned | Error)[], once = false) {
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
    say: (line) => lines.push(line),
  });
  return { code, lines, left: open.length };
}

test('a look that fails is told, and the next one goes on', async () => {
  const { code, lines, left } = await watched([new Error('no answer'), NOTHING, NOTHING]);

  expect({ code, lines, left }).toEqual({ code: 0, lines: ['no answer'], left: 0 });
});

test('a token that is refused ends it', async () => {
  const { code, lines, left } = await watched([refusal('unauthorized', 'the token is over'), NOTHING]);

  expect({ code, lines, left }).toEqual({ code: 1, lines: ['the token is over'], left: 1 });
});

test('that requests wait is said once', async () => {
  const full = { ...NOTHING, found: 3, isFull: true };

  const { lines } = await watched([full, full, NOTHING, full, NOTHING]);

  expect(lines).toEqual(Array(2).fill('3 requests wait until fewer jobs are unfinished'));
});

test('once ends when nothing is there any more; a failure, or a request that was refused, shows in its code', async () => {
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

test('a call that got no answer, or none of use, is made again; in the end the reason is told', async () => {
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
