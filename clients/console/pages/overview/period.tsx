import { useQueryState } from '../../data/route.ts';
import { periodText } from './totals.ts';

/** Periods of the chart, in hours. */
export const HOURS = { hour: 1, shift: 6, day: 24 } as const;
type Hours = (typeof HOURS)[keyof typeof HOURS];
const CHOICES = Object.values(HOURS);

/** The period of the address, and a function that changes it. */
export function usePeriod(): readonly [Hours, (hours: Hours) => void] {
  const [query, change] = useQueryState();
  const chosen = CHOICES.find((hours) => String(hours) === query.get('hours')) ?? HOURS.shift;
  return [chosen, (hours) => change({ hours: hours === HOURS.shift ? undefined : String(hours) })];
}

export function PeriodChoice({ hours, onChoose }: { hours: Hours; onChoose: (hours: Hours) => void }) {
  return (
    <fieldset className="period">
      <legend className="read-only">Period</legend>
      {CHOICES.map((choice) => (
        <button key={choice} type="button" aria-pressed={choice === hours} onClick={() => onChoose(choice)}>
          {periodText(choice)}
        </button>
      ))}
    </fieldset>
  );
}
