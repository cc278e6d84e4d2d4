/** The rules for the ids that callers choose (docs/http-api.md). */

/**
 * Counted as JavaScript and Java do, in UTF-16 units: a unit costs at most 9 bytes once it is percent-encoded, so
 * both ids together with a task path stay below the 1,024 bytes of an S3 key.
 */
export const MAX_ID_LENGTH = { partition: 40, job: 48, jobType: 48, template: 40 } as const;
export type IdKind = keyof typeof MAX_ID_LENGTH;

const WORDS: Readonly<Record<IdKind, string>> = {
  partition: 'the partition id',
  job: 'the job id',
  jobType: 'the name of the job type',
  template: 'the name of the template',
};

const FORBIDDEN_CHARACTERS = '. , : ; * ? ! | ( ) /';

/** Besides the characters above: controls, halves of surrogate pairs, and what stands for undecodable bytes. */
const FORBIDDEN = /[.,:;*?!|()/\p{Cc}\p{Cs}\u{FFFD}]/u;

/** Why this cannot be an id; `undefined` if it can. */
export function idProblem(kind: IdKind, id: string): string | undefined {
  const most = MAX_ID_LENGTH[kind];
  const what = WORDS[kind];
  if (id === '') return `${what} is empty; it has 1 to ${most} characters`;
  if (id.length > most) return `${what} has ${id.length} characters; at most ${most} are allowed`;
  if (FORBIDDEN.test(id)) {
    return `${what} holds a character that is not allowed: ${FORBIDDEN_CHARACTERS}, a control character or broken Unicode`;
  }
  return undefined;
}
