import * as v from 'valibot';
import { count, integer } from './integers.ts';

/** Members of a failure, in messages and in the table. Apart from the messages, which the API does not load. */
export const failureEntries = {
  failureId: v.string(),
  failureTime: integer,
  failureSource: v.string(),
  failureMessage: v.string(),
  code: v.string(),
  attempts: count,
  stack: v.optional(v.string()),
};
