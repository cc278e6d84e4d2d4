/** Requests in a folder, through the script as a process, and in the bucket, through the deployed function. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import { afterAll, describe, expect, inject, test } from 'vitest';
import { parseBucketName } from '#core/object-address.ts';
import { s3Objects } from '../../functions/aws/objects.ts';
import { sdkS3 } from '../../functions/aws/sdk/sdk-s3.ts';
import { localClient, PROJECT_ROOT } from '../../localstack/local-aws.ts';
import { textObjects } from '../support/text-objects.ts';
import { call, finished, freshPartition, jobPath, pages, until } from './rest.ts';

const DOCUMENTS = join(PROJECT_ROOT, 'node_modules/vega-datasets/data');
const PICTURES = ['7zip.png', 'ffox.png'];
const NAMES = ['airports.csv', 'species.csv', 'stocks.csv', 'seattle-weather.csv'];
const extract = (...sources: string[]) => ({
  batch: {
    splitter: 'items',
    definition: { items: sources.map((source) => ({ id: source, source })) },
    worker: 'extract-text',
    itemsPerTask: 2,
  },
});
const lines = (source: string) => ({
  batch: { splitter: 'lines', definition: { source, format: 'csv' }, worker: 'rehearse' },
});

/** In XML: these documents as one PDF. */
const merge = (...names: string[]) => `<?xml version="1.0" encoding="UTF-8"?>
<jobRequest>
  <template>merge-to-pdf</template>
  <creator>post room</creator>
  <priority>6</priority>
  <parameters><parameter name="title">Pictures &amp; more</parameter></parameters>
  <items>
    <item id="pictures">
      <parts>
        ${names.map((name) => `<part><url>documents/${name}</url></part>`).join('\n        ')}
      </parts>
    </item>
  </items>
</jobRequest>`;

const root = mkdtempSync(join(tmpdir(), 'jobtree-scan-e2e-'));
const running = new Set<ChildProcess>();
afterAll(() => {
  for (const child of running) child.kill('SIGKILL');
  rmSync(root, { recursive: true, force: true });
});

/** A folder with real documents. */
function aFolder() {
  const partition = freshPartition();
  const path = join(root, partition);
  mkdirSync(join(path, 'documents'), { recursive: true });
  for (const name of [...NAMES, ...PICTURES]) cpSync(join(DOCUMENTS, name), join(path, 'documents', name));
  const write = (name: string, content: string | object) =>
    writeFileSync(join(path, name), typeof content === 'string' ? content : JSON.stringify(content));
  const names = (folder = '') =>
    existsSync(join(path, folder)) ? readdirSync(join(path, folder)).sort() : [];
  return { partition, path, write, names, read: (name: string) => readFileSync(join(path, name), 'utf8') };
}

/** `npm run scan` without what starts it, so that signals reach the process itself. */
function scanner(path: string, partition: string, ...more: string[]) {
  const args = [
    join(PROJECT_ROOT, 'clients/scan/main.ts'),
    path,
    '--partition',
    partition,
    '--interval',
    '0.4',
  ];
  const env = { ...process.env, JOBTREE_URL: inject('url'), JOBTREE_TOKEN: inject('token') };
  const child = spawn(process.execPath, ['--import', 'tsx', ...args, ...more], {
    env,
    cwd: PROJECT_ROOT,
  });
  running.add(child);
  let output = '';
  const keep = (piece: Buffer) => {
    output += piece.toString();
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const ended = once(child, 'close').then(([code]) => {
    running.delete(child);
    return { code: code as number | null, output };
  });
  return { child, ended, output: () => output };
}

const idIn = (output: string, request: string) =>
  new RegExp(`^${request}: (?:created )?job (\\S+)`, 'm').exec(output)?.[1] ??
  `no job of ${request} in: ${output}`;

describe('a folder', () => {
  test('is emptied once: good requests become jobs that work, bad ones have a reason, twins are one job', async () => {
    const { partition, path, write, names, read } = aFolder();
    write('a-good.json', extract(...NAMES.map((name) => `documents/${name}`)));
    write('b-twin.json', extract(...NAMES.map((name) => `./documents/${name}`)));
    write('c-twin.json', JSON.stringify(extract(...NAMES.map((name) => `documents/${name}`)), undefined, 4));
    write('d-lines.json', { id: 'the-lines', ...lines('documents/stocks.csv') });
    write('e-broken.json', '{"batch": ');
    write('f-bomb.xml', '<!DOCTYPE a [<!ENTITY b "c">]><jobRequest><template>&b;</template></jobRequest>');
    write('g-template.xml', '<jobRequest><template>no-such-template</template></jobRequest>');
    write('i-merge.xml', merge(...PICTURES));
    write('h-outside.json', extract('../../../etc/passwd'));

    const { code, output } = await scanner(path, partition, '--once').ended;

    expect([code, names(), names('documents')], output).toEqual([
      1,
      ['documents', 'error', 'finished'],
      [...NAMES, ...PICTURES].sort(),
    ]);
    expect(names('finished')).toEqual([
      'a-good.json',
      'b-twin.json',
      'c-twin.json',
      'd-lines.json',
      'i-merge.xml',
    ]);
    const refused = ['e-broken.json', 'f-bomb.xml', 'g-template.xml', 'h-outside.json'];
    expect(names('error')).toEqual(refused.flatMap((name) => [name, `${name}.reason.json`]));
    const reason = (name: string) => JSON.parse(read(`error/${name}.reason.json`)).reason;
    expect(reason('f-bomb.xml')).toContain('<!DOCTYPE is not allowed');
    expect(reason('g-template.xml')).toContain("template 'no-such-template' does not exist");
    expect(reason('h-outside.json')).toContain('leads out');

    expect(idIn(output, 'c-twin.json')).toBe(idIn(output, 'a-good.json'));
    const extracted = jobPath(partition, idIn(output, 'a-good.json'));
    const job = await finished(extracted);
    expect(job).toMatchObject({
      status: 'Completed',
      items: { found: NAMES.length, succeeded: NAMES.length },
    });
    const mergePath = jobPath(partition, idIn(output, 'i-merge.xml'));
    const merged = await finished(mergePath);
    expect(merged).toMatchObject({ status: 'Completed', priority: 6, labels: { creator: 'post room' } });
    expect((await pages(`${mergePath}/result`)).map(({ filename }) => filename)).toEqual([
      'Pictures & more.pdf',
    ]);
    const counted = await finished(jobPath(partition, 'the-lines'));
    const rows = readFileSync(join(DOCUMENTS, 'stocks.csv'), 'utf8').trim().split('\n').length - 1;
    expect(counted.items).toMatchObject({ found: rows, succeeded: rows });
  });

  test('is watched until a signal; a killed scanner and two at once double nothing', async () => {
    const { partition, path, write, names } = aFolder();
    const killed = scanner(path, partition);
    for (let i = 0; i < 8; i += 1) write(`${i}.json`, { name: `n${i}`, ...lines('documents/species.csv') });
    await until('the first request is taken', async () => names('finished').length > 0);

    killed.child.kill('SIGKILL');
    await killed.ended;
    const twins = [scanner(path, partition), scanner(path, partition)];
    for (let i = 8; i < 12; i += 1) write(`${i}.json`, { name: `n${i}`, ...lines('documents/species.csv') });
    await until('all requests are taken', async () => names('finished').length === 12);
    for (const { child } of twins) child.kill('SIGTERM');
    const ends = await Promise.all(twins.map(({ ended }) => ended));

    expect(
      ends.map(({ code }) => code),
      ends.map(({ output }) => output).join(),
    ).toEqual([0, 0]);
    const jobs = await pages(`/partitions/${partition}/jobs`);
    expect(jobs.map(({ name }) => name).sort()).toEqual(Array.from({ length: 12 }, (_, i) => `n${i}`).sort());
    expect(jobs.every(({ generation }) => generation === 1)).toBe(true);
    expect(names()).toEqual(['documents', 'finished']);
  });

  test('is left alone where the token is none, and the words say so', async () => {
    const { partition, path, write, names } = aFolder();
    write('a.json', lines('documents/stocks.csv'));

    const { code, output } = await scanner(path, partition, '--token', 'a.b.c').ended;

    expect(code).toBe(1);
    expect(output).toContain('token');
    expect(names()).toEqual(['a.json', 'documents']);
  });
});

describe.skipIf(process.env['JOBTREE_URL'] !== undefined)('the inbox of a partition in the bucket', () => {
  /** A call comes each minute, on the emulator up to ten seconds late. */
  const A_SCAN_SECONDS = 100;
  const INBOX = 'inbox/demo/';

  test('is scanned each minute', async () => {
    const client = new S3Client({ ...localClient(inject('endpoint')), forcePathStyle: true });
    const objects = textObjects(s3Objects(sdkS3(client), parseBucketName(inject('bucket'))));
    const put = (name: string, content: string | object) =>
      objects.put(INBOX + name, typeof content === 'string' ? content : JSON.stringify(content));
    for (const name of [...NAMES, ...PICTURES])
      await objects.put(`${INBOX}documents/${name}`, readFileSync(join(DOCUMENTS, name)));
    await put('bad.xml', '<jobRequest><template>t</template><prio>1</prio></jobRequest>');
    await put('good.json', { id: 'from-the-inbox', ...extract(...NAMES.map((name) => `documents/${name}`)) });
    await put(
      'merge.xml',
      merge(...PICTURES).replace('<jobRequest>', '<jobRequest id="merged-in-the-inbox">'),
    );
    await put('lines.json', lines('documents/stocks.csv'));

    const namesIn = async (folder: string) => {
      const page = await objects.list(INBOX + folder, { delimiter: '/' });
      return page.objects.map(({ key }) => key.slice(INBOX.length + folder.length));
    };
    await until('the inbox is empty', async () => (await namesIn('')).length === 0, A_SCAN_SECONDS);
    const job = await finished(jobPath('demo', 'from-the-inbox'));
    const merged = await finished(jobPath('demo', 'merged-in-the-inbox'));

    expect(await namesIn('finished/')).toEqual(['good.json', 'lines.json', 'merge.xml']);
    expect(merged).toMatchObject({ status: 'Completed', createdBy: 'scanner', items: { succeeded: 1 } });
    expect(await namesIn('error/')).toEqual(['bad.xml', 'bad.xml.reason.json']);
    const reason = await objects.get({ key: `${INBOX}error/bad.xml.reason.json` });
    expect(Buffer.from(reason ?? []).toString()).toContain('/jobRequest/prio (line 1) is not known here');
    expect(job).toMatchObject({
      status: 'Completed',
      createdBy: 'scanner',
      items: { found: NAMES.length, succeeded: NAMES.length },
    });
    const { body: count } = await call('GET', '/partitions/demo/jobStats/count');
    expect(count).toBe(3);
    client.destroy();
  });
});
