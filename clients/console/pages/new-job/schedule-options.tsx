import { type FormState, problemsBelow } from './form-state.ts';
import { NumberOption, OptionField, SelectOption } from './option-fields.tsx';

const POLICIES = [
  ['fail', 'Fail'],
  ['ignore', 'Start all the same'],
  ['wait', 'Wait until it completes'],
] as const;

/** When the job may start. */
export function ScheduleOptions(state: FormState) {
  const { draft, problems } = state;
  const { notBefore, prerequisiteJobIds: ids } = draft.value;
  const lines: readonly unknown[] = Array.isArray(ids) ? ids : [];
  return (
    <>
      <OptionField
        label="Start at"
        hint="Not before this time, in your time zone"
        problems={problemsBelow(problems, 'notBefore').map(({ detail }) => detail)}
      >
        {(field) => (
          <input
            {...field}
            type="datetime-local"
            value={typeof notBefore === 'number' ? localTime(notBefore) : ''}
            onChange={({ target }) =>
              draft.setPart(['notBefore'], target.value === '' ? undefined : Date.parse(target.value))
            }
          />
        )}
      </OptionField>
      <NumberOption
        label="Delay"
        hint="Seconds after creation, or after the last prerequisite"
        preset={0}
        path={['delay']}
        {...state}
      />
      <OptionField
        label="After these jobs"
        hint="Ids of jobs that must be Completed first, one in each line"
        problems={problemsBelow(problems, 'prerequisiteJobIds').map(({ detail }) => detail)}
      >
        {(field) => (
          <textarea
            {...field}
            className="form-code"
            rows={2}
            value={lines.join('\n')}
            onChange={({ target: { value } }) =>
              draft.setPart(['prerequisiteJobIds'], value === '' ? undefined : value.split('\n'))
            }
          />
        )}
      </OptionField>
      <SelectOption
        label="If such a job fails"
        hint="Or is cancelled, expired or deleted"
        choices={POLICIES}
        path={['onPrerequisiteFailure']}
        {...state}
      />
    </>
  );
}

/** Returns the time as an input for local times has it. */
function localTime(millis: number): string {
  const time = new Date(millis);
  if (Number.isNaN(time.getTime())) return '';
  return new Date(millis - time.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
