import { useEffect, useState } from 'react';
import type { Problem } from '../../forms/json-schema.ts';

/** Returns the syntax error of a JSONata expression. Its parser is loaded when the first one is edited. */
export function useMappingProblem(mapping: unknown): Problem | undefined {
  const [problem, setProblem] = useState<Problem>();
  useEffect(() => {
    if (typeof mapping !== 'string' || mapping.trim() === '') return setProblem(undefined);
    let isCurrent = true;
    void import('jsonata').then(({ default: jsonata }) => {
      if (isCurrent) setProblem(syntaxProblem(mapping, jsonata));
    });
    return () => {
      isCurrent = false;
    };
  }, [mapping]);
  return problem;
}

function syntaxProblem(mapping: string, parse: (expression: string) => unknown): Problem | undefined {
  try {
    parse(mapping);
    return undefined;
  } catch (error) {
    const { message, position } = error as { message?: unknown; position?: unknown };
    const line = typeof position === 'number' ? mapping.slice(0, position).split('\n').length : undefined;
    return {
      path: ['mapping'],
      detail: `${String(message)}${line === undefined ? '' : ` (line ${line})`}`,
      isMissing: false,
    };
  }
}
