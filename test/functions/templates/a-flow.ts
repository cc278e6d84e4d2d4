import * as z from 'zod';
import type { templateBody } from '#contract/template.ts';
import { PermanentFailure } from '#core/errors.ts';
import { defineWorker } from '../../../functions/kit/define-worker.ts';
import { shippedSplitters } from '../../../functions/split-batch/splitters/index.ts';
import { jsonSchema } from '../../../lib/registry.ts';
import { memoryService } from '../../support/memory-service.ts';
import { apiWorld, REGISTRY } from '../jobs-api/api-world.ts';
import { token } from '../jobs-api/tokens.ts';

const parameters = z.strictObject({
  /** Name of the step, so that a test can distinguish steps. */
  as: z.string().default(''),
  /** Ids of items that fail, and that are skipped. */
  fail: z.array(z.string()).default([]),
  skip: z.array(z.string()).default([]),
  answer: z.unknown().optional(),
  /** MIME type of a part that it makes. */
  makes: z.string().optional(),
  /** Set for these visits of the step, by their number from 1. */
  code: z.string().optional(),
  codeTimes: z.number().optional(),
});

export interface Seen {
  readonly as: string;
  readonly id: string;
  readonly payload: unknown;
  readonly parts: readonly string[];
}

const KEY = { partition: 'p1', job: 'j' };
const PATH = '/partitions/p1/jobs/j';

export interface FlowServiceOptions {
  /** Called before each item is worked on. */
  readonly before?: (seen: Seen) => Promise<unknown> | unknown;
}

/** The API and all behind it, with a worker that does as the parameters of its step say, and remembers what it saw. */
export function aFlowService({ before = () => undefined }: FlowServiceOptions = {}) {
  const seen: Seen[] = [];
  const failing = new Set<string>();
  const codes = new Map<string, number>();
  const act = defineWorker<z.infer<typeof parameters>>({
    name: 'act',
    parameters,
    async run(item, context) {
      const { as, fail, skip, answer, makes, code, codeTimes = 1 } = context.parameters;
      const parts = (item.parts ?? []).map(({ filename }) => filename);
      const one = { as, id: item.id, payload: item.payload, parts };
      await before(one);
      seen.push(one);
      if (fail.includes(item.id) || failing.has(`${as}:${item.id}`)) {
        throw new PermanentFailure('told', `${item.id} fails as told`);
      }
      if (skip.includes(item.id)) context.skip();
      const times = (codes.get(`${as}:${item.id}`) ?? 0) + 1;
      codes.set(`${as}:${item.id}`, times);
      if (code !== undefined && times <= codeTimes) context.exitCode(code);
      if (makes !== undefined) {
        await context.putPart({ filename: `${as}-${item.id}`, mimeType: makes, body: item.id });
      }
      return answer;
    },
  });
  const service = memoryService({ workers: [act] });
  const { table, objects, clock, random, log, machines } = service;
  const registry = {
    ...REGISTRY,
    splitters: shippedSplitters.map(({ name, description, definition }) => ({
      name,
      description,
      definition: jsonSchema(definition),
    })),
    workers: [{ name: 'act', description: '', parameters: jsonSchema(parameters) }],
  };
  const api = apiWorld({ table, objects, clock, random, log, machines, registry });
  const list = async (what: string) => {
    const entries = [];
    let next: string | undefined = 'limit=3';
    while (next !== undefined) {
      const page: Awaited<ReturnType<typeof api.call>> = await api.call('GET', `${PATH}/${what}`, {
        query: next,
      });
      entries.push(...page.body);
      next = page.headers['Link']?.split(/[?>]/)[1];
    }
    return entries;
  };
  const ok = async (answer: ReturnType<typeof api.call>) => {
    const { status, text, body } = await answer;
    if (status >= 300) throw new Error(`${status}: ${text}`);
    return body;
  };
  return {
    service,
    seen,
    failing,
    list,
    api,
    job: () => ok(api.call('GET', PATH)),
    act: (verb: 'pause' | 'resume' | 'cancel' | 'retry', body?: unknown) =>
      ok(api.call('POST', `${PATH}/${verb}`, { body })),
    delete: () => ok(api.call('DELETE', PATH)),
    /** A job of this template, begun and run to where nothing is left to do. */
    async run(template: TemplateInput, request: object = {}) {
      await this.submit(template, request);
      await service.drain();
      return ok(api.call('GET', PATH));
    },
    async submit(template: TemplateInput, request: object = {}) {
      const name = { body: template, token: token({ role: 'admin', partitions: ['*'] }) };
      await ok(api.call('PUT', '/templates/t', name));
      await ok(api.call('PUT', PATH, { body: { template: 't', ...request } }));
    },
    /** Which steps saw which items, in order. */
    trace: () => seen.map(({ as, id }) => `${as}:${id}`),
    outcomes: async () =>
      Object.fromEntries(
        (await list('items')).map(({ id, path, outcome }) => [id, `${outcome} at ${path}`] as const),
      ),
    executions: () => [...machines.executions.values()],
    key: KEY,
  };
}

export type TemplateInput = z.input<typeof templateBody>;

/** A step of the worker `act`, called as in the test. */
export function step(name: string, act: object = {}, more: object = {}) {
  return { name, worker: 'act', parameters: { as: name, ...act }, ...more };
}

export function items(...ids: string[]) {
  return { items: ids.map((id) => ({ id })) };
}
