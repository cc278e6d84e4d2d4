import { describe, expect, test, vi } from 'vitest';
import type * as lists from '#contract/allow-lists.ts';
import { checkBy } from '#core/schema.ts';
import { query } from '../../functions/split-batch/splitters/query.ts';
import { httpWorker } from '../../functions/workers/http/http-worker.ts';
import { httpParameters } from '../../functions/workers/http/parameters.ts';
import { invokeLambdaWorker } from '../../functions/workers/invoke-lambda/invoke-lambda-worker.ts';
import { invokeLambdaParameters } from '../../functions/workers/invoke-lambda/parameters.ts';
import { jsonSchema, type Registry } from '../../lib/registry.ts';
import { aChunk, aRecord, memoryWorld, workerOn } from '../support/chunks.ts';
import { reportedOutcomes } from '../support/outcomes.ts';
import { apiWorld, REGISTRY } from './jobs-api/api-world.ts';
import { token } from './jobs-api/tokens.ts';

/** A planted bug: names are looked up without a look at their partitions. */
const planted = vi.hoisted(() => ({ ignoresPartitions: false }));

vi.mock('#contract/allow-lists.ts', async (original) => {
  const real = await original<typeof lists>();
  return {
    ...real,
    allowedEntry: (list, name, partition) =>
      real.allowedEntry(list, name, planted.ignoresPartitions ? undefined : partition),
  } satisfies typeof lists;
});

/** `shared` is for all partitions, `ofp1` and `ofp2` for one each. */
const PARTITIONS = { shared: {}, ofp1: { partitions: ['p1'] }, ofp2: { partitions: ['p2'] } };
const SERVER = 'https://api.example.com';

const DEPLOYED: Registry = {
  ...REGISTRY,
  splitters: [...REGISTRY.splitters, { ...query, definition: jsonSchema(query.definition) }],
  workers: [
    ...REGISTRY.workers,
    { name: 'http', description: '', parameters: jsonSchema(httpParameters) },
    { name: 'invoke-lambda', description: '', parameters: jsonSchema(invokeLambdaParameters) },
  ],
  secrets: PARTITIONS,
  functions: PARTITIONS,
};

const world = () => apiWorld({ registry: DEPLOYED });
const ALL = { token: token({ partitions: ['*'], role: 'admin' }) };
const RANGE = { splitter: 'range', definition: { from: 0, to: 1 } };
const http = (more: object) => ({ url: `${SERVER}/in`, ...more });

/** Both lists: the parameters of a job that names an entry, where that stands, and the start of the refusal. */
const LISTS = {
  secrets: {
    worker: 'http',
    naming: (name: string) => http({ secret: name }),
    member: 'secret',
    words: (name: string) => `secret '${name}' is not allowed; allowed: shared, ofp1. Add it to httpSecrets`,
  },
  functions: {
    worker: 'invoke-lambda',
    naming: (name: string) => ({ function: name }),
    member: 'function',
    words: (name: string) =>
      `function '${name}' is not allowed; allowed: shared, ofp1. Add it to invokableFunctions`,
  },
} as const;

type List = (typeof LISTS)[keyof typeof LISTS];

const FORMS = [
  'a batch',
  'a pipeline',
  'a job type',
  'a template',
  'a template that names a parameter',
] as const;

/** Creates a job of p1 that names the entry in this form; the status and the problem that it is answered with. */
async function created(form: (typeof FORMS)[number], { worker, naming, member }: List, name: string) {
  const api = world();
  const parameters = naming(name);
  const job = (body: object) => api.call('PUT', '/partitions/p1/jobs/j', { body });
  const put = (path: string, body: object) => api.call('PUT', path, { body, ...ALL });
  const items = [{ id: '1' }];
  switch (form) {
    case 'a batch':
      return job({ batch: { ...RANGE, worker, parameters } });
    case 'a pipeline':
      return job({ batch: { ...RANGE, worker: 'second', pipeline: [worker], parameters } });
    case 'a job type': {
      const mapping = JSON.stringify({ batch: { ...RANGE, worker, parameters } });
      await put('/job-types/t', { mapping });
      return job({ type: 't' });
    }
    case 'a template': {
      await put('/templates/t', { steps: [{ name: 'a', worker, parameters }] });
      return job({ template: 't', items });
    }
    case 'a template that names a parameter': {
      const steps = [{ name: 'a', worker, parameters: { ...parameters, [member]: '$.parameters.name' } }];
      const parametersSchema = { type: 'object', properties: { name: { type: 'string' } } };
      await put('/templates/t', { steps, parametersSchema });
      return job({ template: 't', items, parameters: { name } });
    }
  }
}

/** Runs a job of p1 that names an entry. Returns `succeeded`, or the code and message of its failure. */
async function ran(list: keyof typeof LISTS, name: string): Promise<string> {
  const memory = memoryWorld();
  const calls: string[] = [];
  const entries = Object.fromEntries(
    Object.entries(PARTITIONS).map(([each, limit]) => [each, { arn: each, origins: [SERVER], ...limit }]),
  );
  const workers = {
    secrets: httpWorker({
      clock: memory.clock,
      readSecret: async (arn) => {
        calls.push(arn);
        return 'not JSON';
      },
      allowedSecrets: () => entries,
    }),
    functions: invokeLambdaWorker({
      invoke: async (arn) => {
        calls.push(arn);
        return { kind: 'returned', value: 1 };
      },
      allowedFunctions: () => entries,
    }),
  };
  const parameters = LISTS[list].naming(name);
  const chunk = aChunk({ partition: 'p1', parameters, items: [{ id: 'i' }] });
  await workerOn(memory, { ...workers[list], name: 'work' })([aRecord(chunk)]);
  const [record] = (await reportedOutcomes(memory)) ?? [];
  if (calls.length > 0) return `used ${calls.join()}`;
  return `${record?.failure?.code}: ${record?.failure?.failureMessage}`;
}

describe.each(['secrets', 'functions'] as const)('%s that are limited to partitions', (name) => {
  const list = LISTS[name];

  test.each(FORMS)('are taken from a job of such a partition, and refused to others, in %s', async (form) => {
    for (const allowed of ['shared', 'ofp1']) {
      const { status, text } = await created(form, list, allowed);
      expect([allowed, status, text]).toEqual([allowed, 201, expect.anything()]);
    }
    const refusals = await Promise.all(['ofp2', 'nowhere'].map((each) => created(form, list, each)));

    const [foreign, unknown] = refusals;
    // A mapping that yields it is at fault, not its caller; a template with a literal unknown name cannot be put.
    const expected = form === 'a job type' ? 422 : 400;
    expect(refusals.map(({ status }) => status)).toEqual([expected, expected]);
    expect(foreign?.body.detail).toContain(list.words('ofp2'));
    if (form === 'a template') return;
    expect(foreign?.text.replaceAll('ofp2', 'nowhere')).toBe(unknown?.text);
  });

  test('are refused by their pointer', async () => {
    const { body } = await created('a batch', list, 'ofp2');

    expect(body.errors).toEqual([
      { pointer: `/batch/parameters/${list.member}`, detail: expect.stringContaining(list.words('ofp2')) },
    ]);
  });

  test('are refused in a template of another partition when it is put', async () => {
    const step = { name: 'a', worker: list.worker, parameters: list.naming('ofp2') };
    const api = world();
    const answers = await Promise.all(
      ['/partitions/p1', '/partitions/p2', ''].map((base) =>
        api.call('PUT', `${base}/templates/t`, { body: { steps: [step] }, ...ALL }),
      ),
    );

    expect(answers.map(({ status }) => status)).toEqual([400, 201, 201]);
    expect(answers[0]?.body.errors[0].pointer).toBe(`/steps/0/parameters/${list.member}`);
  });

  test('are also refused by the worker, with the message for an unknown name', async () => {
    const code = name === 'secrets' ? 'secret-forbidden' : 'function-forbidden';

    expect([await ran(name, 'shared'), await ran(name, 'ofp1')]).toEqual(['used shared', 'used ofp1']);
    const foreign = await ran(name, 'ofp2');
    expect(foreign).toContain(`${code}: ${list.words('ofp2')}`);
    expect(foreign.replaceAll('ofp2', 'nowhere')).toBe(await ran(name, 'nowhere'));
  });

  test('are found to be used by others if the partitions are ignored', async () => {
    planted.ignoresPartitions = true;
    try {
      const statuses = await Promise.all(FORMS.map((form) => created(form, list, 'ofp2')));
      expect(statuses.map(({ status }) => status)).toEqual(FORMS.map(() => 201));
      expect(await ran(name, 'ofp2')).toBe('used ofp2');
    } finally {
      planted.ignoresPartitions = false;
    }
  });
});

describe('a header that the connection sets itself', () => {
  const RESERVED = [
    ...['Host', 'content-length', 'Transfer-Encoding', 'connection', 'keep-alive', 'upgrade', 'TE'],
    ...['trailer', 'expect', 'Proxy-Authorization'],
  ];
  const create = (batch: object) => world().call('PUT', '/partitions/p1/jobs/j', { body: { batch } });

  test.each(RESERVED)('is refused when the job is created: %s', async (header) => {
    const headers = { 'X-Fine': '1', [header]: 'x' };
    const asked = await create({ ...RANGE, worker: 'http', parameters: http({ headers }) });
    const split = await create({
      splitter: 'query',
      definition: { url: SERVER, headers },
      worker: 'rehearse',
    });

    for (const [answer, member] of [
      [asked, 'parameters'],
      [split, 'definition'],
    ] as const) {
      expect([answer.status, answer.body.errors?.[0].pointer]).toEqual([
        400,
        `/batch/${member}/headers/${header}`,
      ]);
      expect(answer.body.errors[0].detail).toMatch(
        /^is set by the connection itself; leave it out. Reserved are host, .*, expect, proxy-\*$/,
      );
    }
  });

  test('is refused in a template, and by the worker that is handed it', async () => {
    const steps = [{ name: 'a', worker: 'http', parameters: http({ headers: { HOST: 'x' } }) }];
    const put = await world().call('PUT', '/templates/t', { body: { steps }, ...ALL });

    expect([put.status, put.body.errors[0].pointer]).toEqual([400, '/steps/0/parameters/headers/HOST']);
    const checked = checkBy(httpParameters, http({ headers: { HOST: 'x' } }));
    expect(checked).toMatchObject({ reason: expect.stringMatching(/^\/headers\/HOST: .*Reserved are host/) });
  });

  test('is no other header', async () => {
    const headers = { Hosts: '1', 'X-Host': '1', 'Content-Type': 'a/b', Authorization: 'x', Tea: '1' };

    const { status, text } = await create({ ...RANGE, worker: 'http', parameters: http({ headers }) });

    expect([status, text]).toEqual([201, expect.anything()]);
  });
});
