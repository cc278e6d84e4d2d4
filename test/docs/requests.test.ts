import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { createJobBody } from '#contract/create-job.ts';
import { shippedSplitters } from '../../functions/split-batch/splitters/index.ts';
import { shippedWorkers } from '../../lib/shipped-workers.ts';

/** Bodies of jobs on a page: of `curl` commands that create one, and of blocks of JSON with a form of work. */
function jobsOf(page: string): string[] {
  const text = readFileSync(page, 'utf8');
  const commands = text.matchAll(
    /(?:PUT|POST) "\$(?:API|URL)\/partitions\/[^/"]+\/jobs(?:\/[\w-]+)?"[^']*-d '(\{[^']*\})'/g,
  );
  const blocks = text.matchAll(/^ *```json\n((?:(?!```).)*?"(?:batch|template|task)": .*?)^ *```/gms);
  return [...commands, ...blocks].map(([, body = '']) => body);
}

const jobs = globSync(['README.md', 'docs/**/*.md', 'localstack/*.md']).flatMap((page) =>
  jobsOf(page).map((body): [string, string] => [page, body]),
);

test('the pages have jobs', () => {
  expect(jobs.length).toBeGreaterThan(9);
});

const workers = shippedWorkers({ documents: true });

test.each(jobs)('a job in %s is a valid request', (_page, body) => {
  const { data, error } = createJobBody.safeParse(JSON.parse(body));

  expect(error).toBeUndefined();
  if (data?.batch === undefined) return;
  const { splitter, definition, worker, parameters = {} } = data.batch;
  const shipped = shippedSplitters.find(({ name }) => name === splitter);
  // The tutorials have a splitter and a worker of their own.
  expect(shipped?.definition.safeParse(definition).error).toBeUndefined();
  const schema = workers.get(worker)?.options.parameters;
  if (schema instanceof z.ZodType) expect(schema.safeParse(parameters).error).toBeUndefined();
});
