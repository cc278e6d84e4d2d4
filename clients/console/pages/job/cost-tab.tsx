import { useQuery } from '@tanstack/react-query';
import type { Cost, Job, JobHandle } from 'jobtree/client';
import { formatCount, formatDollars } from '../../parts/format.ts';
import { Facts } from '../../parts/page.tsx';
import { ErrorBox, Skeleton } from '../../parts/states.tsx';
import { jobKey, useDetailOptions } from './use-job.ts';

const MILLION = 1_000_000;

/** The operations that the job caused, with the prices they were charged at. */
export function CostTab({ job, handle }: { job: Job; handle: JobHandle }) {
  const cost = useQuery({
    queryKey: jobKey(handle, 'cost', job.version),
    queryFn: ({ signal }) => handle.cost({ signal }),
    placeholderData: (previous) => previous,
    ...useDetailOptions(job, 10_000),
  });
  if (cost.isError) return <ErrorBox error={cost.error} onRetry={() => cost.refetch()} />;
  if (cost.data === undefined) return <Skeleton lines={6} height="row" />;
  const { dollars, prices, notIncluded } = cost.data;
  const done = job.items.succeeded + job.items.failed + job.items.skipped;
  return (
    <section className="panel">
      <Facts
        facts={{
          'Total so far': <strong>{formatDollars(dollars)}</strong>,
          'For a million items': done === 0 ? '–' : formatDollars((dollars / done) * MILLION),
          Prices: `${prices.region}, ${prices.asOf}`,
        }}
      />
      <CostTable cost={cost.data} />
      <p className="muted">Not included: {notIncluded}.</p>
    </section>
  );
}

function CostTable({ cost }: { cost: Cost }) {
  const rows = Object.entries(cost.services).flatMap(([service, operations]) =>
    Object.entries(operations).map(([operation, counted]) => ({ service, operation, ...counted })),
  );
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: an area that scrolls must be reachable by keyboard
    <section className="cost" tabIndex={0} aria-label="Operations">
      <table>
        <thead>
          <tr>
            <th scope="col">Service</th>
            <th scope="col">Operation</th>
            <th scope="col" className="number">
              Count
            </th>
            <th scope="col" className="number">
              $ per million
            </th>
            <th scope="col" className="number">
              Dollars
            </th>
          </tr>
        </thead>
        <tbody>
          {rows
            .filter(({ count }) => count > 0)
            .sort((one, other) => other.dollars - one.dollars)
            .map(({ service, operation, count, dollarsPerMillion, dollars }) => (
              <tr key={operation}>
                <td>{service}</td>
                <td>{operation}</td>
                <td className="number">{formatCount(Math.round(count))}</td>
                <td className="number">{dollarsPerMillion}</td>
                <td className="number">{formatDollars(dollars)}</td>
              </tr>
            ))}
        </tbody>
      </table>
    </section>
  );
}
