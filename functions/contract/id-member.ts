/** An id that the caller chooses, as a member of a body. */
import * as z from 'zod';
import { type IdKind, idProblem, idSchema } from './ids.ts';

export function idMember(kind: IdKind) {
  return z
    .string()
    .superRefine((id, context) => {
      const message = idProblem(kind, id);
      if (message !== undefined) context.addIssue({ code: 'custom', message });
    })
    .meta(idSchema(kind));
}
