import type { FieldProps } from '@rjsf/utils';
import { useEffect, useRef, useState } from 'react';
import { parsedJson } from '../parts/json-text.ts';
import { FieldProblems } from './templates.tsx';
import { describedBy, placeholderOf } from './widgets.tsx';

/** Any JSON. The value changes only while the text is JSON. */
export function JsonValueField({ fieldPathId, formData, schema, onChange, rawErrors = [] }: FieldProps) {
  const { $id: id, path } = fieldPathId;
  const [text, setText] = useState(() => textOf(formData));
  const [problem, setProblem] = useState<string>();
  const lastText = useRef(textOf(formData));
  const valueText = textOf(formData);
  useEffect(() => {
    // A change that comes from elsewhere, such as the request as JSON, replaces the text.
    if (valueText === lastText.current) return;
    lastText.current = valueText;
    setText(valueText);
    setProblem(undefined);
  }, [valueText]);
  const change = (next: string) => {
    setText(next);
    const parsed = parse(next);
    setProblem(parsed.problem);
    if (parsed.problem !== undefined) return;
    lastText.current = textOf(parsed.value);
    onChange(parsed.value, path);
  };
  return (
    <>
      <textarea
        id={id}
        className="form-code"
        rows={Math.min(12, Math.max(3, text.split('\n').length))}
        value={text}
        placeholder={placeholderOf(schema) ?? 'JSON, such as {"name": "value"} or "text"'}
        autoComplete="off"
        spellCheck={false}
        aria-invalid={rawErrors.length > 0 || problem !== undefined}
        aria-describedby={describedBy(id)}
        onChange={(event) => change(event.target.value)}
      />
      <FieldProblems id={`${id}-text`} problems={problem === undefined ? [] : [problem]} />
    </>
  );
}

function textOf(value: unknown): string {
  return value === undefined ? '' : JSON.stringify(value, null, 2);
}

function parse(text: string): { readonly value?: unknown; readonly problem?: string } {
  if (text.trim() === '') return {};
  const parsed = parsedJson(text);
  if ('value' in parsed) return { value: parsed.value };
  const isJson = parsed.problem.includes('digits');
  return { problem: isJson ? parsed.problem : 'is not valid JSON; text needs double quotes' };
}
