import { describe, expect, test } from 'vitest';
import { isResult } from '#core/item.ts';
import { fileOf } from '../../support/file-server.ts';
import { aZip } from '../../support/zips.ts';
import { aServer, split } from './a-web-source.ts';

describe('a zip archive of the web', () => {
  test('is split into its files by ranges, and workers read them there', async () => {
    const bytes = await aZip({ 'a.txt': 'first', 'sub/größe.md': '# x' });
    const server = await aServer({ '/a.zip': { bytes } });
    const source = `${server.url}/a.zip`;

    const { job, items, outcomes } = await split(server, 'zip', { source });

    expect(job).toMatchObject({ status: 'Completed', totals: { items: 2, failed: 0 } });
    expect(items[1]?.parts).toMatchObject([{ url: `${source}#entry=${encodeURIComponent('sub/größe.md')}` }]);
    expect(outcomes.map(({ output }) => output)).toEqual(['first', '# x']);
    expect(server.requests.every(({ range }) => range !== undefined)).toBe(true);
    expect(items.flatMap(({ parts = [] }) => parts).some(isResult)).toBe(false);
  });

  test('of hundreds of files is split in many steps, each file once', async () => {
    const names = Array.from({ length: 400 }, (_, i) => `folder/${i}.txt`);
    const bytes = await aZip(Object.fromEntries(names.map((name) => [name, name])));
    const server = await aServer({ '/a.zip': { bytes } });

    const { job, outcomes } = await split(
      server,
      'zip',
      { source: `${server.url}/a.zip` },
      { isSplittingOver: () => true, itemsPerTask: 2 },
    );

    expect(job).toMatchObject({ status: 'Completed', totals: { items: 400, failed: 0 } });
    expect(outcomes.every(({ id, output }) => id === output)).toBe(true);
    expect(new Set(outcomes.map(({ id }) => id)).size).toBe(400);
  });

  test('whose server does not support ranges fails the job and explains what to do', async () => {
    const server = await aServer({ '/a.zip': { bytes: await aZip({ a: 'x' }), hasRanges: false } });

    const { failure } = await split(server, 'zip', { source: `${server.url}/a.zip` });

    expect(failure).toMatchObject({
      code: 'ranges-unsupported',
      failureMessage: expect.stringMatching(/supports no byte ranges .* Upload it instead/),
    });
  });

  test('that changes while its files are read fails those that are left', async () => {
    const bytes = await aZip({ a: 'first' });
    const server = await aServer({ '/a.zip': { bytes } });
    server.intercept = ({ headers }) => {
      // The worker asks for the content, which the table of contents at the end is not.
      if (headers.range === 'bytes=0-29') server.files.set('/a.zip', fileOf('other'));
      return false;
    };

    const { outcomes } = await split(server, 'zip', { source: `${server.url}/a.zip` });

    expect(outcomes[0]?.failure).toMatchObject({ code: 'part-changed' });
  });
});
