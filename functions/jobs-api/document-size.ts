import { refusal } from '#contract/problem.ts';

/** Refuses a document that a row could not hold; `what` it is stands in the refusal. */
export function checkDocumentSize(what: string, body: unknown, mostBytes: number): void {
  const bytes = Buffer.byteLength(JSON.stringify(body));
  if (bytes <= mostBytes) return;
  throw refusal(
    'too-large',
    `the ${what} has ${bytes} bytes; at most ${mostBytes} are allowed; large data belongs in an upload that parameters name`,
  );
}
