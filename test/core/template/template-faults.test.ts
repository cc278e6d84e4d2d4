import { describe, expect, test } from 'vitest';
import { omitUndefined } from '#core/omit-undefined.ts';
import type { Catalog } from '#core/template/step-faults.ts';
import type { FlowEdge, Template } from '#core/template/template.ts';
import { templateFaults } from '#core/template/template-faults.ts';
import { aStep, aTemplate, FORKED, LOOP } from './a-template.ts';

const CATALOG: Catalog = {
  workers: ['work', 'other'],
  splitters: ['lines'],
  check: (_kind, _name, value) => {
    const size = (value as { size?: unknown }).size;
    return size === undefined || typeof size === 'number'
      ? []
      : [{ path: ['size'], detail: 'must be number' }];
  },
};

const faults = (template: Template) =>
  templateFaults(template, CATALOG).map(({ path, detail }) => `/${path.join('/')} ${detail}`);

const edge = (from: string, on: string, to: string | string[], maxVisits?: number): FlowEdge => ({
  from,
  on,
  to,
  ...omitUndefined({ maxVisits }),
});

describe('a template that can run', () => {
  test.each([
    ['of steps in order', aTemplate(['a', 'b', 'c'])],
    ['with parallel branches', FORKED],
    ['with a loop that is bounded', LOOP],
    ['with a loop of two steps', aTemplate(['a', 'b'], [edge('a', '*', 'b'), edge('b', 'MORE', 'a', 2)])],
    [
      'with a branch of several steps and ends',
      aTemplate(
        ['s', 'a', 'b', 'c', aStep('j', { after: ['a', 'b', 'c'] })],
        [edge('s', '*', ['a', 'c']), edge('a', 'MORE', 'b')],
      ),
    ],
    [
      'that forks to the same branches on two outcomes',
      aTemplate(
        ['s', 'a', 'b', aStep('j', { after: ['a', 'b'] })],
        [edge('s', 'COMPLETED', ['a', 'b']), edge('s', 'FAILED', ['b', 'a'])],
      ),
    ],
  ])('%s has no fault', (_, template) => {
    expect(faults(template)).toEqual([]);
  });
});

describe('a flow is refused', () => {
  test.each([
    ['to nowhere', aTemplate(['a'], [edge('a', '*', 'z')]), "/flow/0/to step 'z' does not exist; steps: a"],
    [
      'from nowhere',
      aTemplate(['a'], [edge('z', '*', 'a')]),
      "/flow/0/from step 'z' does not exist; steps: a",
    ],
    [
      'with two edges for an outcome',
      aTemplate(['a', 'b', 'c'], [edge('a', 'X', 'b'), edge('a', 'X', 'c')]),
      "/flow/1/on edge 0 already defines the next step for X of 'a'",
    ],
    [
      'that does not reach a step',
      aTemplate(['a', 'b'], []),
      "/steps/1 no edge leads to 'b'; the flow begins with 'a'",
    ],
    [
      'with an endless loop',
      aTemplate(['a', 'b'], [edge('a', '*', 'b'), edge('b', '*', 'a')]),
      '/flow/0 the flow has an endless loop',
    ],
    [
      'with a limit only outside its loop',
      aTemplate(['a', 'b'], [edge('a', 'X', 'b', 3), edge('a', 'Y', 'a')]),
      '/flow/1 the flow has an endless loop',
    ],
    [
      'whose branches have no join',
      aTemplate(['s', 'a', 'b'], [edge('s', '*', ['a', 'b'])]),
      "/flow/0/to no step joins 'a', 'b'",
    ],
    [
      'whose branch ends elsewhere',
      aTemplate(
        ['s', 'a', 'b', 'c', aStep('j', { after: ['a', 'b'] })],
        [edge('s', '*', ['a', 'b']), edge('b', '*', 'c')],
      ),
      "/flow/0/to/1 the branch can end at 'c', which is missing in \"after\" of 'j'",
    ],
    [
      'whose join has no branches',
      aTemplate(['s', 'a', aStep('j', { after: ['a', 's'] })], [edge('s', '*', 'a'), edge('a', '*', 'j')]),
      "/steps/2/after no edge leads to parallel branches that end at 'a', 's'",
    ],
    [
      'whose join names a step that is in no branch',
      aTemplate(['s', 'a', 'b', aStep('j', { after: ['a', 'b', 's'] })], [edge('s', '*', ['a', 'b'])]),
      "/steps/3/after/2 's' is not in a branch of",
    ],
    [
      'that enters a join from elsewhere',
      aTemplate(
        ['s', 'a', 'b', aStep('j', { after: ['a', 'b'] })],
        [edge('s', 'COMPLETED', ['a', 'b']), edge('s', 'FAILED', 'j')],
      ),
      "/flow/1/to 'j' joins 'a', 'b', so no other edge may lead to it",
    ],
    [
      'that leads from a branch to its join',
      aTemplate(
        ['s', 'a', 'b', aStep('j', { after: ['a', 'b'] })],
        [edge('s', '*', ['a', 'b']), edge('a', 'COMPLETED', 'j')],
      ),
      "/flow/1/to 'j' begins automatically when all its branches have ended",
    ],
    [
      'whose branches share a step',
      aTemplate(
        ['s', 'a', 'b', 'c', aStep('j', { after: ['a', 'b', 'c'] })],
        [edge('s', '*', ['a', 'b']), edge('a', '*', 'c'), edge('b', '*', 'c')],
      ),
      "/steps/3 'c' is in more than one branch",
    ],
    [
      'that enters a branch from outside',
      aTemplate(
        ['s', 'a', 'b', aStep('j', { after: ['a', 'b'] })],
        [edge('s', '*', ['a', 'b']), edge('j', 'MORE', 'a', 2)],
      ),
      "/flow/1/to 'a' is in a parallel branch",
    ],
    [
      'that forks within a branch',
      aTemplate(
        ['s', 'a', 'b', 'c', 'd', aStep('j', { after: ['a', 'b'] }), aStep('k', { after: ['c', 'd'] })],
        [edge('s', '*', ['a', 'b']), edge('a', 'X', ['c', 'd'])],
      ),
      'a branch cannot fork again',
    ],
    [
      'that limits a fork',
      aTemplate(['s', 'a', 'b', aStep('j', { after: ['a', 'b'] })], [edge('s', '*', ['a', 'b'], 2)]),
      '/flow/0/maxVisits is allowed only on an edge to one step',
    ],
    [
      'whose branch has a splitter',
      aTemplate(
        ['s', 'a', aStep('b', { splitter: 'lines', definition: {} }), aStep('j', { after: ['a', 'b'] })],
        [edge('s', '*', ['a', 'b'])],
      ),
      '/steps/2/splitter a step of a parallel branch',
    ],
  ])('%s', (_, template, words) => {
    expect(faults(template).join('\n')).toContain(words);
  });
});

describe('a step is refused', () => {
  const schema = {
    type: 'object',
    properties: { page: { type: 'object', properties: { size: {} }, additionalProperties: false }, all: {} },
    additionalProperties: false,
  };
  const withParameters = (parameters: Record<string, unknown>) =>
    aTemplate([aStep('a', { parameters })], undefined, { parametersSchema: schema });

  test.each([
    [
      'without a worker that is deployed',
      aTemplate([aStep('a', { worker: 'no' })]),
      "/steps/0/worker worker 'no' does not exist",
    ],
    ['without a unique name', aTemplate(['a', 'a']), "/steps/1/name 'a' is already the name of step 0"],
    [
      'with an unknown splitter',
      aTemplate([aStep('a', { splitter: 'no', definition: {} })]),
      "/steps/0/splitter splitter 'no' does not exist; deployed: lines",
    ],
    [
      'with nothing to split',
      aTemplate([aStep('a', { splitter: 'lines' })]),
      '/steps/0/definition is missing',
    ],
    [
      'with a definition but without a splitter',
      aTemplate([aStep('a', { definition: {} })]),
      '/steps/0/definition is allowed only with a splitter',
    ],
    [
      'whose literal parameters the worker refuses',
      withParameters({ size: 'large' }),
      '/steps/0/parameters/size must be number',
    ],
    [
      'that refers to a value that cannot exist',
      withParameters({ size: '$.parameters.page.nope' }),
      "does not allow 'page.nope'",
    ],
    ['that refers to an unknown root', withParameters({ size: '$.step.x' }), 'is not a valid reference'],
    [
      'that refers to parameters of a template that has none',
      aTemplate([aStep('a', { parameters: { size: '$.parameters.x' } })]),
      'has no parametersSchema',
    ],
  ])('%s', (_, template, words) => {
    expect(faults(template).join('\n')).toContain(words);
  });

  test('but not for values that only a job has', () => {
    const parameters = {
      size: '$.parameters.page.size',
      job: '$.jobId',
      path: '$$.items',
      deep: '$.parameters.all.x',
    };

    expect(faults(withParameters(parameters))).toEqual([]);
  });
});
