import { appendFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { AFolder, items, numbers } from './a-folder.ts';

describe('a file that is still being written is not processed', () => {
  test('a request', async () => {
    const folder = new AFolder();
    const scanner = await folder.scanner();
    folder.write('one.json', '{"batch":');
    const [whole] = [JSON.stringify(numbers(5)).slice('{"batch":'.length)];

    const first = await scanner.scan();
    appendFileSync(join(folder.path, 'one.json'), whole);
    const second = await scanner.scan();
    const third = await scanner.scan();

    expect([first.found, second.found, third.created]).toEqual([1, 1, 1]);
    expect(second.created + second.refused).toBe(0);
  });

  test('a file that a request names', async () => {
    const folder = new AFolder();
    const scanner = await folder.scanner();
    folder.write('docs/a.txt', 'a');
    folder.write('one.json', items({ source: 'docs/a.txt' }));

    await scanner.scan();
    await scanner.scan();
    writeFileSync(join(folder.path, 'docs/a.txt'), 'all of it');
    const grown = await scanner.scan();
    const settled = await scanner.scan();

    expect([grown.created, settled.created]).toEqual([0, 1]);
    const [upload = ''] = folder.world.objects.keys();
    expect(Buffer.from((await folder.world.objects.get({ key: upload })) ?? []).toString()).toBe('all of it');
  });

  test('names that are not requests are ignored', async () => {
    const folder = new AFolder();
    const names = ['.one.json', 'a.json.part', 'a.xml.tmp', 'notes.txt', 'old.json.reason.json'];
    for (const name of names) folder.write(name, numbers(5));
    symlinkSync(join(tmpdir(), 'none'), join(folder.path, 'link.json'));

    await folder.scanAll();

    expect(folder.names()).toEqual([...names, 'link.json'].sort());
  });
});

describe('limits', () => {
  const fill = (folder: AFolder, requests: number) => {
    for (let i = 0; i < requests; i += 1)
      folder.write(`${String(i).padStart(2, '0')}.json`, { name: `n${i}`, ...numbers(5) });
  };
  const end = async (folder: AFolder, jobs: number) => {
    const live = (await folder.jobs()).filter(({ status }) => status === 'Waiting');
    for (const { id } of live.slice(0, jobs))
      await folder.world.call('POST', `/partitions/p1/jobs/${id}/cancel`);
  };

  test('a scan creates up to the limit of jobs, in name order', async () => {
    const folder = new AFolder();
    fill(folder, 7);
    const scanner = await folder.scanner({ limits: { jobsPerScan: 3 } });

    await scanner.scan();
    const counts = [await scanner.scan(), await scanner.scan(), await scanner.scan()];

    expect(counts.map(({ created }) => created)).toEqual([3, 3, 1]);
    expect(scanner.taken.map(({ request }) => request).slice(0, 3)).toEqual([
      '00.json',
      '01.json',
      '02.json',
    ]);
  });

  test('it stops at the high mark and continues at the low one, even in a new process', async () => {
    const folder = new AFolder();
    fill(folder, 9);
    const limits = { high: 4, low: 2 };
    const scanner = await folder.scanner({ limits });
    await scanner.scan();

    const filled = await scanner.scan();
    const held = await scanner.scan();
    await end(folder, 1);
    const between = await scanner.scan();
    const restarted = await folder.scanner({ limits });
    await restarted.scan();
    const stillHeld = await restarted.scan();
    await end(folder, 1);
    const released = await restarted.scan();

    expect(filled).toMatchObject({ created: 4, isFull: false });
    expect(held).toMatchObject({ created: 0, isFull: true, found: 5 });
    expect(between).toMatchObject({ created: 0, isFull: true });
    expect(stillHeld).toMatchObject({ created: 0, isFull: true });
    expect(released).toMatchObject({ created: 2, isFull: false });
    expect(folder.names()).not.toContain('.full.json');
  });
});
