import { describe, expect, test, vi } from 'vitest';
import { ALL_ROUTES } from '#contract/caf-routes.ts';
import type * as claims from '#contract/claims.ts';
import { operationId } from '#contract/route.ts';
import { memoryWorld } from '../../support/memory/world.ts';
import { apiWorld } from './api-world.ts';
import { blindToPartitions } from './blind-table.ts';
import {
  CELLS,
  DOCUMENT_CELLS,
  mismatches,
  populatedWorld,
  requiredRoleOf,
  type tokenOf,
} from './role-matrix.ts';
import { token } from './tokens.ts';

/** Bugs of the guard, off unless a test turns one on. */
const planted = vi.hoisted(() => ({ role: false, partition: false, allPartitions: false, scope: false }));

vi.mock('#contract/claims.ts', async (original) => {
  const real = await original<typeof claims>();
  return {
    ...real,
    hasRole: (...given: Parameters<typeof real.hasRole>) => planted.role || real.hasRole(...given),
    hasPartition: (...given: Parameters<typeof real.hasPartition>) =>
      planted.partition || real.hasPartition(...given),
    hasAllPartitions: (...given: Parameters<typeof real.hasAllPartitions>) =>
      planted.allPartitions || real.hasAllPartitions(...given),
    canAdminister: (...given: Parameters<typeof real.canAdminister>) =>
      planted.scope || real.canAdminister(...given),
  } satisfies typeof claims;
});

describe('the role matrix', () => {
  test('has an expectation for every route', () => {
    expect(ALL_ROUTES.map((route) => requiredRoleOf(operationId(route)))).toHaveLength(ALL_ROUTES.length);
    expect(() => requiredRoleOf('putSchedule')).toThrow("no expectation for 'putSchedule'");
  });

  test(`holds in all ${CELLS.length} cells, and a refusal changes nothing`, async () => {
    expect(await mismatches(populatedWorld)).toEqual([]);
  });

  test.each(['role', 'partition', 'allPartitions', 'scope'] as const)(
    'finds a guard that accepts every caller: %s',
    async (bug) => {
      planted[bug] = true;
      try {
        expect(await mismatches(populatedWorld, { cells: DOCUMENT_CELLS })).not.toEqual([]);
      } finally {
        planted[bug] = false;
      }
    },
  );

  test('finds keys without the partition', async () => {
    const make = () => populatedWorld({ table: blindToPartitions(memoryWorld().table) });

    const found = await mismatches(make, { cells: DOCUMENT_CELLS });

    expect(found).toContain('getPartitionJobType by viewer in p1: receives data of p2');
    expect(found).toContain('getPartitionTemplate by viewer in p1: receives data of p2');
  });

  test('finds a token with more permissions than it states', async () => {
    const wider = (caller: Parameters<typeof tokenOf>[0]) =>
      caller.role === undefined ? null : token({ role: caller.role, partitions: ['*'] });

    const found = await mismatches(populatedWorld, { cells: DOCUMENT_CELLS, tokenFor: wider });

    expect(found).toContain('putJobType by admin in no partition: is admitted (200), and must be forbidden');
  });
});

test('the error for a token of some partitions names the path of its own job types', async () => {
  const { status, body } = await apiWorld().call('PUT', '/job-types/t', {
    body: { mapping: '1' },
    token: token({ role: 'admin' }),
  });

  expect([status, body.code]).toEqual([403, 'forbidden']);
  expect(body.detail).toContain('putJobType acts on a resource of all partitions');
  expect(body.detail).toContain('the token has ["p1"]. Use the same path below /partitions/{p}');
});

test('the error for queues, which no partition has of its own, names no other path', async () => {
  const { status, body } = await apiWorld().call('POST', '/queues/unroutable/messages:redrive', {
    body: { ids: ['1'] },
    token: token({ role: 'admin' }),
  });

  expect([status, body.code]).toEqual([403, 'forbidden']);
  expect(body.detail).toMatch(/the token has \["p1"\]\. Ask an administrator of the deployment$/);
});
