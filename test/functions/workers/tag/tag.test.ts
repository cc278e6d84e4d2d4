import { describe, expect, test } from 'vitest';
import { matchesPattern } from '#core/condition.ts';
import { checkBy } from '#core/schema.ts';
import { worker as tag } from '../../../../functions/workers/tag/definition.ts';
import { tagParameters } from '../../../../functions/workers/tag/parameters.ts';
import { memoryService } from '../../../support/memory-service.ts';

const letter = {
  id: 'l1',
  from: { name: 'Ada', country: 'GB' },
  pages: 12,
  score: '7.5',
  urgent: false,
  tags: { kept: 'yes', old: '1' },
  lines: [{ price: 3 }, { price: 30 }],
};

async function tagged(rules: unknown, options: { item?: unknown; skipUnchanged?: boolean } = {}) {
  const service = memoryService({ workers: [tag] });
  const { item = letter, ...rest } = options;
  const parameters = { rules, ...rest };
  expect(checkBy(tagParameters, parameters)).toMatchObject({ ok: true });
  await service.submit({ splitter: 'items', worker: 'tag' }, { definition: { items: [item] }, parameters });
  await service.drain();
  const [record] = await service.outcomes();
  return { outcome: record?.outcome, ...(record?.output as { tags: unknown; changed: boolean }) };
}

describe('rules', () => {
  test('set and remove tags in order, each on the result of the previous ones', async () => {
    const rules = [
      { set: { stage: 'one' }, remove: ['old'] },
      { when: { field: 'tags.stage', equals: 'one' }, set: { stage: 'two' } },
      { when: { field: 'tags.old', exists: true }, set: { never: 'this' } },
    ];

    expect(await tagged(rules)).toEqual({
      outcome: 'succeeded',
      tags: { kept: 'yes', stage: 'two' },
      changed: true,
    });
  });

  test('that change nothing let the item succeed, or skip it if configured', async () => {
    const rules = [{ set: { kept: 'yes' }, remove: ['unknown'] }];

    expect(await tagged(rules)).toMatchObject({ outcome: 'succeeded', changed: false });
    expect(await tagged(rules, { skipUnchanged: true })).toMatchObject({
      outcome: 'skipped',
      changed: false,
    });
  });

  test('apply to items of any kind', async () => {
    expect(await tagged([{ set: { a: '1' } }], { item: 'just text' })).toMatchObject({ tags: { a: '1' } });
    expect(await tagged([{ set: { a: '1' } }], { item: null })).toMatchObject({ tags: { a: '1' } });
    expect(await tagged([{ set: { a: '1' } }], { item: { tags: [1] } })).toMatchObject({ tags: { a: '1' } });
  });

  test.for([
    [{ field: 'id', equals: 'l1' }, true],
    [{ field: 'payload.from.country', equals: 'GB' }, true],
    [{ field: 'payload.from.country', equals: 'gb' }, false],
    [{ field: 'payload.pages', equals: 12 }, true],
    [{ field: 'payload.pages', equals: '12' }, false],
    [{ field: 'payload.score', equals: 7.5 }, true],
    [{ field: 'payload.urgent', equals: false }, true],
    [{ field: 'payload.pages', greater: 11, less: 13 }, true],
    [{ field: 'payload.pages', greater: 12 }, false],
    [{ field: 'payload.score', greater: 7 }, true],
    [{ field: 'payload.from.name', greater: 'Abc', less: 'Adz' }, true],
    [{ field: 'payload.from.name', greater: 1 }, false],
    [{ field: 'payload.from.name', matches: 'A?a' }, true],
    [{ field: 'payload.from.name', matches: 'A' }, false],
    [{ field: 'payload.pages', matches: '1*' }, true],
    [{ field: 'payload.from', matches: '*' }, false],
    [{ field: 'payload.from', exists: true }, true],
    [{ field: 'payload.none', exists: true }, false],
    [{ field: 'payload.none', exists: false }, true],
    [{ field: 'payload.__proto__', exists: true }, false],
    [{ field: 'payload.constructor.name', exists: true }, false],
    [{ field: 'payload.lines.0.price', less: 5 }, true],
    [{ field: 'payload.lines.*.price', greater: 20 }, true],
    [{ field: 'payload.lines.*.price', greater: 40 }, false],
    [
      {
        all: [
          { field: 'id', exists: true },
          { field: 'payload.pages', less: 5 },
        ],
      },
      false,
    ],
    [{ any: [{ field: 'payload.none', exists: true }, { all: [{ field: 'id', equals: 'l1' }] }] }, true],
  ] as const)('%j holds: %s', async ([when, holds]) => {
    expect(await tagged([{ when, set: { met: 'yes' } }])).toMatchObject({ changed: holds });
  });
});

describe('parameters', () => {
  test.for([
    { rules: [] },
    { rules: [{ when: { field: 'id' } }] },
    { rules: [{ when: { field: 'id', matches: '(', nope: 1 } }] },
    { rules: [{ when: { all: [] } }] },
    { rules: [{ set: { a: 1 } }] },
  ])('%j are refused', (parameters) => {
    expect(checkBy(tagParameters, parameters).ok).toBe(false);
  });
});

describe('a pattern', () => {
  test.for([
    ['', '', true],
    ['', '*', true],
    ['a', '', false],
    ['abc', 'a*c', true],
    ['abcbc', 'a*bc', true],
    ['abcb', 'a*bc', false],
    ['a.c', 'a.c', true],
    ['abc', 'a.c', false],
    ['a\nb', 'a*b', true],
    ['ab', '*a?b', false],
    ['aaab', '*a?b', true],
  ] as const)('of %j: %j is met: %s', ([text, pattern, expected]) => {
    expect(matchesPattern(text, pattern)).toBe(expected);
  });

  test('designed for exponential backtracking ends quickly', () => {
    expect(matchesPattern('a'.repeat(50_000), `${'a*'.repeat(200)}b`)).toBe(false);
  });
});
