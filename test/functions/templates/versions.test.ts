import { expect, test } from 'vitest';
import { token } from '../jobs-api/tokens.ts';
import { aFlowService, items, step } from './a-flow.ts';

const ADMIN = { token: token({ role: 'admin', partitions: ['*'] }) };
const OLD = { steps: [step('old-a'), step('old-b')] };
const NEW = { steps: [step('new')] };

type Flow = ReturnType<typeof aFlowService>;

const CHANGES: Record<string, (flow: Flow) => Promise<{ status: number }>> = {
  changed: ({ api }) => api.call('PUT', '/templates/t', { body: NEW, ...ADMIN }),
  disabled: ({ api }) => api.call('PUT', '/templates/t', { body: { ...OLD, enabled: false }, ...ADMIN }),
  deleted: ({ api }) => api.call('DELETE', '/templates/t', ADMIN),
  'hidden by one of its partition': ({ api }) =>
    api.call('PUT', '/partitions/p1/templates/t', { body: NEW, ...ADMIN }),
};

test.each([
  ['changed', 0],
  ['changed', 3],
  ['disabled', 0],
  ['disabled', 3],
  ['deleted', 0],
  ['deleted', 3],
  ['hidden by one of its partition', 0],
  ['hidden by one of its partition', 3],
])(
  'a job stays on the version that it was created with, when the template is %s after %i rounds',
  async (what, rounds) => {
    const flow = aFlowService();
    await flow.submit(OLD, items('1'));
    for (let round = 0; round < rounds; round += 1) await flow.service.step();

    const answer = await CHANGES[what]?.(flow);
    await flow.service.drain();

    expect(answer?.status).toBeLessThan(300);
    expect(flow.trace()).toEqual(['old-a:1', 'old-b:1']);
    expect(await flow.job()).toMatchObject({ status: 'Completed', templateVersion: '1' });
  },
);

test.each([
  ['changed', '2'],
  ['hidden by one of its partition', '1'],
])('a retry of it does, too, when it is %s; a new job has the new one', async (what, version) => {
  const flow = aFlowService();
  flow.failing.add('old-b:1');
  await flow.run(OLD, items('1'));
  flow.failing.clear();
  await CHANGES[what]?.(flow);

  await flow.act('retry');
  await flow.service.drain();
  const retried = await flow.job();
  const path = '/partitions/p1/jobs/next';
  await flow.api.call('PUT', path, { body: { template: 't', ...items('2') } });
  await flow.service.drain();

  expect(retried).toMatchObject({ status: 'Completed', run: 2, templateVersion: '1' });
  expect(flow.trace()).toEqual(['old-a:1', 'old-b:1', 'old-b:1', 'new:2']);
  expect((await flow.api.call('GET', path)).body).toMatchObject({
    status: 'Completed',
    templateVersion: version,
  });
});
