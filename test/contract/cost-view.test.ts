import { expect, test } from 'vitest';
import { costView } from '#contract/cost-view.ts';
import { BILLED_OPERATIONS } from '#core/meter.ts';

test('the cost of a job is the sum of what it shows', () => {
  const counts = Object.fromEntries(BILLED_OPERATIONS.map((operation, i) => [operation, (i + 1) * 1_000]));

  const { services, dollars } = costView(counts);

  const shown = Object.values(services).flatMap((service) => Object.entries(service));
  expect(shown.map(([operation]) => operation).toSorted()).toEqual([...BILLED_OPERATIONS].toSorted());
  for (const [operation, { count }] of shown) expect(count).toBe(counts[operation]);
  expect(dollars).toBeCloseTo(
    shown.reduce((sum, [, { dollars: share }]) => sum + share, 0),
    9,
  );
  expect(dollars).toBeGreaterThan(0);
});

test('a job that has done nothing yet costs nothing', () => {
  expect(costView({}).dollars).toBe(0);
});
