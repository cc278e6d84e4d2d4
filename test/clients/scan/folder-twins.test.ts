import { describe, expect, test } from 'vitest';
import { Fuse } from '../../support/fuse.ts';
import { AFolder, items, numbers } from './a-folder.ts';

describe('requests', () => {
  test('with equal content make one job, regardless of their names', async () => {
    const folder = new AFolder();
    folder.write('docs/a.txt', 'Hello');
    folder.write('a.json', items({ source: 'docs/a.txt' }));
    folder.write('b.json', `\n ${JSON.stringify(items({ source: 'docs/a.txt' }))}`);

    const taken = await folder.scanAll();

    expect(taken.map(({ kind }) => kind).filter((kind) => kind !== 'unsettled')).toEqual(['created', 'same']);
    expect(await folder.jobs()).toHaveLength(1);
    expect(folder.names('finished')).toEqual(['a.json', 'b.json']);
  });

  test('with different files make two jobs', async () => {
    const folder = new AFolder();
    folder.write('docs/a.txt', 'Hello');
    folder.write('a.json', items({ source: 'docs/a.txt' }));
    await folder.scanAll();
    folder.write('docs/a.txt', 'Hallo');
    folder.write('a.json', items({ source: 'docs/a.txt' }));

    await folder.scanAll();

    expect(await folder.jobs()).toHaveLength(2);
    expect(folder.names('finished')).toEqual([expect.stringMatching(/^a\.[0-9a-f]{12}\.json$/), 'a.json']);
  });

  test('are neither lost nor duplicated by concurrent scanners', async () => {
    const folder = new AFolder();
    folder.write('docs/a.txt', 'Hello');
    for (let i = 0; i < 12; i += 1)
      folder.write(`${i}.json`, { name: `n${i}`, ...items({ source: 'docs/a.txt' }) });
    folder.write('bad.json', '{');

    await Promise.all([folder.scanAll(), folder.scanAll(), folder.scanAll()]);

    const jobs = await folder.jobs();
    expect(jobs.map(({ name }) => name).sort()).toEqual(Array.from({ length: 12 }, (_, i) => `n${i}`).sort());
    expect(jobs.every(({ generation }) => generation === 1)).toBe(true);
    expect(folder.names('finished')).toHaveLength(12);
    expect(folder.names('error')).toEqual(['bad.json', 'bad.json.reason.json']);
  });
});

test('a crash at any step neither loses nor doubles anything', async () => {
  let crashes = 0;
  for (let step = 0; ; step += 1) {
    const folder = new AFolder();
    folder.write('docs/a.txt', 'Hello');
    folder.write('bad.json', { ...numbers(5), prio: 3 });
    folder.write('good.json', { name: 'good', ...items({ source: 'docs/a.txt' }) });
    folder.write('named.json', { id: 'named', name: 'named', ...items({ sources: ['docs/a.txt'] }) });
    const fuse = new Fuse(step);

    await folder.scanAll({ fuse }).catch(() => undefined);
    const isComplete = !fuse.isBurnt;
    const reasons = folder.names('error').includes('bad.json') ? folder.names('error') : [];
    await folder.scanAll();

    const jobs = await folder.jobs();
    const seen = `step ${step}`;
    expect(jobs.map(({ name, generation }) => [seen, name, generation]).sort()).toEqual([
      [seen, 'good', 1],
      [seen, 'named', 1],
    ]);
    expect([seen, folder.names()]).toEqual([seen, ['docs', 'error', 'finished']]);
    expect([seen, folder.names('finished')]).toEqual([seen, ['good.json', 'named.json']]);
    expect([seen, folder.names('error')]).toEqual([seen, ['bad.json', 'bad.json.reason.json']]);
    // A request is never without its reason, not even between the crash and the next scan.
    expect(reasons).toEqual(reasons.length === 0 ? [] : ['bad.json', 'bad.json.reason.json']);
    if (isComplete) break;
    crashes += 1;
  }
  expect(crashes).toBeGreaterThan(50);
});
