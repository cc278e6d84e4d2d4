import * as v from 'valibot';

/** The part of the web that the functions of a stack may reach, in the variable `JOBTREE_WEB`. */
export type WebAccess = v.InferOutput<typeof webAccessSchema>;
export const webAccessSchema = v.object({
  /** HTTPS ports in addition to 443. With `isLocal`, any port is allowed. */
  ports: v.exactOptional(v.pipe(v.array(v.number()), v.readonly())),
  /** True to allow plain HTTP and private addresses. For local development only. */
  isLocal: v.exactOptional(v.boolean()),
});
