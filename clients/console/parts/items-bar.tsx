import type { Job } from 'jobtree/client';
import { formatCount } from './format.ts';

type Counts = Job['items'];

/** Items of a job as one bar, with the counts in words: "4,949 ok · 51 failed · 0 left". */
export function ItemsBar({
  items,
  isFinal,
  isLarge = false,
}: {
  items: Counts;
  isFinal: boolean;
  isLarge?: boolean;
}) {
  const { found, succeeded, failed, skipped } = items;
  const left = Math.max(0, found - succeeded - failed - skipped);
  const total = Math.max(1, found);
  const parts = [
    ['ok', succeeded],
    ['bad', failed],
    ['skip', skipped],
  ] as const;
  let at = 0;
  return (
    <div className={isLarge ? 'items-bar items-bar-large' : 'items-bar'}>
      <svg
        className={items.sealed || isFinal ? 'bar' : 'bar bar-open'}
        viewBox="0 0 100 4"
        preserveAspectRatio="none"
        aria-hidden
      >
        <rect className="bar-rest" width="100" height="4" />
        {parts.map(([tone, count]) => {
          const x = at;
          const width = (count / total) * 100;
          at += width;
          return count === 0 ? null : (
            <rect key={tone} className={`bar-${tone}`} x={x} width={width} height="4" />
          );
        })}
      </svg>
      <span className="items-text">{itemsText(items, left, isFinal)}</span>
    </div>
  );
}

function itemsText(
  { found, succeeded, failed, skipped, sealed }: Counts,
  left: number,
  isFinal: boolean,
): string {
  if (found === 0) return isFinal || sealed ? 'no items' : 'no items found yet';
  const words = [`${formatCount(succeeded)} ok`, `${formatCount(failed)} failed`];
  if (skipped > 0) words.push(`${formatCount(skipped)} skipped`);
  words.push(`${formatCount(left)} left`);
  return `${words.join(' · ')}${sealed || isFinal ? '' : ' so far'}`;
}
