/** A JSON object that is being written, as a value and as text. A change of one changes the other. */
import { useCallback, useState } from 'react';
import { parsedObject } from '../parts/json-text.ts';
import type { JsonSchema } from './json-schema.ts';
import type { Path } from './pointer.ts';
import { setAt } from './set-at.ts';

export type JsonObject = JsonSchema;

export interface Draft {
  readonly value: JsonObject;
  readonly text: string;
  /** The reason why the text is not JSON. The value is then that of the last text that was. */
  readonly textProblem: string | undefined;
}

export interface DraftState extends Draft {
  change(update: (value: JsonObject) => JsonObject): void;
  /** Changes the part at a path; undefined removes it. */
  setPart(path: Path, part: unknown): void;
  setText(text: string): void;
}

function draftOf(value: JsonObject): Draft {
  return { value, text: JSON.stringify(value, null, 2), textProblem: undefined };
}

export function useDraft(first: () => JsonObject): DraftState {
  const [draft, setDraft] = useState(() => draftOf(first()));
  const change = useCallback(
    (update: (value: JsonObject) => JsonObject) => setDraft(({ value }) => draftOf(update(value))),
    [],
  );
  const setPart = useCallback(
    (path: Path, part: unknown) => change((value) => setAt(value, path, part) as JsonObject),
    [change],
  );
  const setText = useCallback((text: string) => {
    const parsed = parsedObject(text);
    setDraft(({ value }) =>
      'value' in parsed
        ? { value: parsed.value, text, textProblem: undefined }
        : { value, text, textProblem: parsed.problem },
    );
  }, []);
  return { ...draft, change, setPart, setText };
}
