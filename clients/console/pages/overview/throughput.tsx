import type { Activity } from 'jobtree/client';
import { useCallback, useMemo, useState } from 'react';
import { formatCount, formatRate } from '../../parts/format.ts';
import { BarChart } from './bar-chart.ts';
import { periodText, ratesOf, totalItems } from './totals.ts';
import { useChart } from './use-chart.ts';

const CLOCK = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });

/** Items a minute as bars, with the failed ones in front. */
export function Throughput({ activity, hours }: { activity: Activity; hours: number }) {
  const rates = useMemo(() => ratesOf(activity), [activity]);
  const [at, setAt] = useState<number>();
  const create = useCallback((host: HTMLElement) => new BarChart(host, setAt), []);
  const host = useChart(create, rates);
  const { items, failed } = totalItems(activity);
  const peak = Math.max(...rates.items);
  const summary = `${formatCount(items)} items in ${periodText(hours)}, ${formatCount(failed)} failed, at most ${formatRate(peak)} a minute`;
  const time = at === undefined ? undefined : rates.times[at];
  return (
    <figure className="throughput">
      <figcaption className="throughput-head">
        <span className="throughput-key">
          <span className="key-mark key-items" /> Items
        </span>
        <span className="throughput-key">
          <span className="key-mark key-failed" /> Failed
        </span>
        <span className="throughput-text">
          {at === undefined || time === undefined
            ? summary
            : `${CLOCK.format(time * 1000)}: ${formatRate(rates.items[at] ?? 0)} a minute, ${formatRate(rates.failed[at] ?? 0)} failed`}
        </span>
      </figcaption>
      <div ref={host} className="chart" role="img" aria-label={summary} />
    </figure>
  );
}
