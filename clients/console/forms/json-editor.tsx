import { useId, useRef } from 'react';
import { Icon } from '../parts/icons.tsx';
import { rangeOf } from './json-position.ts';
import type { Problem } from './json-schema.ts';
import { pointerOf } from './pointer.ts';

interface JsonEditorProps {
  readonly label: string;
  readonly text: string;
  readonly onChange: (text: string) => void;
  /** The reason why the text is not JSON. */
  readonly textProblem: string | undefined;
  /** Parts of the value that are wrong. */
  readonly problems: readonly Problem[];
  readonly rows?: number;
  /** Shown if nothing is wrong. */
  readonly okText: string;
  /** Shown instead of `okText` if something is missing. */
  readonly openText?: string | undefined;
}

const MAX_SHOWN = 8;

/** JSON in a text area. Each problem below it selects the part that is wrong. */
export function JsonEditor(props: JsonEditorProps) {
  const { label, text, onChange, textProblem, problems, rows = 20, okText, openText } = props;
  const id = useId();
  const area = useRef<HTMLTextAreaElement>(null);
  const show = (problem: Problem) => {
    const { start, end } = rangeOf(text, problem.path);
    area.current?.focus();
    area.current?.setSelectionRange(start, end);
  };
  const isOk = textProblem === undefined && problems.length === 0;
  return (
    <div className="json-editor">
      <label className="read-only" htmlFor={id}>
        {label}
      </label>
      <textarea
        id={id}
        ref={area}
        className="form-code"
        rows={rows}
        value={text}
        spellCheck={false}
        autoComplete="off"
        aria-invalid={!isOk}
        aria-describedby={`${id}-problems`}
        onChange={(event) => onChange(event.target.value)}
      />
      <div id={`${id}-problems`} className="json-problems" aria-live="polite">
        {isOk && openText !== undefined ? <p className="muted">{openText}</p> : null}
        {isOk && openText === undefined ? (
          <p className="json-ok">
            <Icon name="check" /> {okText}
          </p>
        ) : null}
        {textProblem === undefined ? null : <p className="form-problem">{textProblem}</p>}
        {textProblem === undefined
          ? problems.slice(0, MAX_SHOWN).map((problem) => (
              <button
                key={`${pointerOf(problem.path)} ${problem.detail}`}
                type="button"
                className="json-problem"
                onClick={() => show(problem)}
              >
                <code>{pointerOf(problem.path) || '/'}</code> {problem.detail}
              </button>
            ))
          : null}
        {problems.length > MAX_SHOWN && textProblem === undefined ? (
          <p className="muted">and {problems.length - MAX_SHOWN} more</p>
        ) : null}
      </div>
    </div>
  );
}
