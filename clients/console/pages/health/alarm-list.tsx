import { useQuery } from '@tanstack/react-query';
import type { Alarm } from 'jobtree/client';
import { useApi } from '../../data/api.ts';
import { useLiveOptions } from '../../data/live.tsx';
import { plural } from '../../parts/format.ts';
import type { IconName } from '../../parts/icons.tsx';
import { ErrorBox, Skeleton } from '../../parts/states.tsx';
import { Chip, type Tone } from '../../parts/status.tsx';
import { Time } from '../../parts/time.tsx';

/** The API reads CloudWatch at most this often. */
const LIVE_MILLIS = 60_000;

const STATUSES: Readonly<Record<Alarm['status'], readonly [Tone, IconName, string]>> = {
  alarm: ['bad', 'warning', 'Alarm'],
  unknown: ['idle', 'waiting', 'No data'],
  ok: ['ok', 'check', 'OK'],
};

/** The alarms of CloudWatch: those that need a look, and the others on request. */
export function AlarmList() {
  const api = useApi();
  const { data, error, refetch } = useQuery({
    queryKey: ['alarms'],
    queryFn: ({ signal }) => api.alarms({ signal }),
    ...useLiveOptions(LIVE_MILLIS),
  });
  if (data === undefined) {
    return error === null ? <Skeleton lines={2} /> : <ErrorBox error={error} onRetry={() => refetch()} />;
  }
  const raised = data.filter(({ status }) => status === 'alarm');
  const others = data.filter(({ status }) => status !== 'alarm');
  return (
    <>
      {data.length === 0 ? <p>CloudWatch has no alarm of this deployment.</p> : null}
      {raised.length === 0 ? null : <Alarms alarms={raised} />}
      {others.length === 0 ? null : (
        <details className="alarms-rest">
          <summary>{plural(others.length, 'alarm')} of CloudWatch not raised</summary>
          <Alarms alarms={others} />
        </details>
      )}
    </>
  );
}

function Alarms({ alarms }: { alarms: readonly Alarm[] }) {
  return (
    <ul className="alarms">
      {alarms.map(({ name, description, status, since }) => {
        const [tone, icon, word] = STATUSES[status];
        return (
          <li key={name}>
            <Chip tone={tone} icon={icon}>
              {word}
            </Chip>
            <span className="muted">
              since <Time at={since} />
            </span>
            <span className="alarm-description">{description}</span>
            <code>{name}</code>
          </li>
        );
      })}
    </ul>
  );
}
