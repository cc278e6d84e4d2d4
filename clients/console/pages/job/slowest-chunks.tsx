import type { Job } from 'jobtree/client';
import { formatDuration } from '../../parts/format.ts';
import { Panel } from '../../parts/page.tsx';

type SlowChunks = NonNullable<Job['slowest']>;

/** The chunks of this run that ran longest, each with a bar relative to the slowest. */
export function SlowestChunks({ slowest }: { slowest: SlowChunks }) {
  const longest = Math.max(...slowest.map(({ millis }) => millis));
  return (
    <Panel title="Slowest chunks of this run">
      <ol className="slowest">
        {slowest.map(({ path, millis }) => (
          <li key={path}>
            <code>{path}</code>
            <svg className="bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden>
              <rect className="bar-rest" width="100" height="4" />
              <rect className="slowest-time" width={(millis / longest) * 100} height="4" />
            </svg>
            <span className="slowest-text">{formatDuration(millis)}</span>
          </li>
        ))}
      </ol>
    </Panel>
  );
}
