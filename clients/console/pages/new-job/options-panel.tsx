import type { JsonObject } from '../../forms/draft.ts';
import { PairsInput } from '../../forms/pairs-input.tsx';
import { pointerOf } from '../../forms/pointer.ts';
import { Icon } from '../../parts/icons.tsx';
import { BatchOptions } from './batch-options.tsx';
import { ExpiryOptions } from './expiry-options.tsx';
import { type FormState, problemsAt } from './form-state.ts';
import { CheckOption, NumberOption, OptionField, TextOption } from './option-fields.tsx';
import { ScheduleOptions } from './schedule-options.tsx';
import { workKindOf } from './work-kind.ts';

interface OptionsPanelProps extends FormState {
  readonly id: string;
  readonly onId: (id: string) => void;
}

/** Members that most jobs do not need. */
export function OptionsPanel({ id, onId, ...state }: OptionsPanelProps) {
  const { draft, problems } = state;
  const { value: request } = draft;
  const labels = request['labels'];
  return (
    <details className="panel options">
      <summary>
        <Icon name="chevron" />
        <h2>Advanced options</h2>
        <span className="muted">{optionsText(request, id)}</span>
      </summary>
      <div className="options-grid">
        <TextOption label="Name" hint="Shown in lists" path={['name']} {...state} />
        <OptionField label="Id" hint="Generated if it is empty. The same id never creates a second job.">
          {(field) => (
            <input
              {...field}
              value={id}
              maxLength={48}
              autoComplete="off"
              onChange={(e) => onId(e.target.value)}
            />
          )}
        </OptionField>
        <NumberOption
          label="Priority"
          hint="0 to 9; 9 starts first"
          preset={4}
          path={['priority']}
          {...state}
        />
        <OptionField label="Labels" hint="To find the job again" problems={problemsOfLabels(state)}>
          {({ id: fieldId }) => (
            <PairsInput
              id={fieldId}
              pairs={isPairs(labels) ? labels : {}}
              onChange={(pairs) => draft.setPart(['labels'], pairs)}
            />
          )}
        </OptionField>
        <ScheduleOptions {...state} />
        {workKindOf(request) === 'batch' ? <BatchOptions {...state} /> : null}
        <ExpiryOptions {...state} />
        <CheckOption
          label="Hold"
          hint="Create it paused. It starts when it is resumed."
          path={['hold']}
          {...state}
        />
      </div>
      {problemsAt(problems, 'description').map((detail) => (
        <p key={detail} className="form-problem">
          {pointerOf(['description'])} {detail}
        </p>
      ))}
    </details>
  );
}

function problemsOfLabels({ problems }: FormState): string[] {
  return problems
    .filter(({ path }) => path[0] === 'labels')
    .map(({ path, detail }) => `${path[1] ?? ''} ${detail}`);
}

function isPairs(value: unknown): value is Readonly<Record<string, string>> {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).every((member) => typeof member === 'string')
  );
}

const OPTIONS = [
  'name',
  'labels',
  'priority',
  'notBefore',
  'delay',
  'hold',
  'expiry',
  'prerequisiteJobIds',
  'onPrerequisiteFailure',
] as const;

function optionsText(request: JsonObject, id: string): string {
  const given = [...(id === '' ? [] : ['id']), ...OPTIONS.filter((name) => name in request)];
  return given.length === 0 ? 'name, labels, priority, schedule, expiry' : `set: ${given.join(', ')}`;
}
