/** Rules for the ids that callers choose (docs/reference/http-api.md). */

/**
 * Maximum lengths in UTF-16 units, as JavaScript and Java count. A unit takes at most 9 bytes once it is
 * percent-encoded, so both ids together with a task path stay below the 1,024 bytes of an S3 key.
 */
export const MAX_ID_LENGTH = { partition: 40, job: 48, jobType: 48, template: 40 } as const;
export type IdKind = keyof typeof MAX_ID_LENGTH;

const NOUNS: Readonly<Record<IdKind, string>> = {
  partition: 'the partition id',
  job: 'the job id',
  jobType: 'the name of the job type',
  template: 'the name of the template',
};

const FORBIDDEN_CHARACTERS = '. , : ; * ? ! | ( ) /';

/** The characters above, control characters, and U+FFFD, which replaces bytes that cannot be decoded. */
const FORBIDDEN_IN_CLASS = String.raw`.,:;*?!|()\/\u0000-\u001f\u007f-\u009f\ufffd`;
const FORBIDDEN = new RegExp(`[${FORBIDDEN_IN_CLASS}\\p{Cs}]`, 'u');
const ID_PATTERN = `^[^${FORBIDDEN_IN_CLASS}]+$`;

/** Pattern of prerequisites: an id with an optional mark, or blanks, which are ignored. */
export const PREREQUISITE_PATTERN = `^([^${FORBIDDEN_IN_CLASS}]{1,${MAX_ID_LENGTH.job}}(,pc)?| *)$`;

/** The name is part of the name of a state machine. */
const TEMPLATE_NAME = /^[a-z][a-z0-9-]*$/;
const TEMPLATE_NAME_RULE = 'is not a valid name: use a-z, 0-9 and -, beginning with a letter';

/** Returns why the string is not a valid id; `undefined` if it is one. */
export function idProblem(kind: IdKind, id: string): string | undefined {
  const maxLength = MAX_ID_LENGTH[kind];
  const noun = NOUNS[kind];
  if (id === '') return `${noun} is empty; use 1 to ${maxLength} characters`;
  if (id.length > maxLength) return `${noun} has ${id.length} characters; at most ${maxLength} are allowed`;
  if (FORBIDDEN.test(id)) {
    return `${noun} contains a character that is not allowed. Do not use ${FORBIDDEN_CHARACTERS}, control characters or invalid Unicode`;
  }
  if (kind === 'template' && !TEMPLATE_NAME.test(id)) return `${noun} ${TEMPLATE_NAME_RULE}; got '${id}'`;
  return undefined;
}

/** Returns the same rules as JSON Schema. Its lengths count characters above U+FFFF once instead of twice. */
export function idSchema(kind: IdKind) {
  const pattern = kind === 'template' ? TEMPLATE_NAME.source : ID_PATTERN;
  return { type: 'string', minLength: 1, maxLength: MAX_ID_LENGTH[kind], pattern } as const;
}
