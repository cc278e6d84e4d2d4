import * as z from 'zod';

/** The part of the web that the functions of a stack may reach, in the variable `JOBTREE_WEB`. */
export type WebAccess = z.infer<typeof webAccessSchema>;
export const webAccessSchema = z.object({
  /** HTTPS ports in addition to 443. With `isLocal`, any port is allowed. */
  ports: z.array(z.int()).readonly().exactOptional(),
  /** True to allow plain HTTP and private addresses. For local development only. */
  isLocal: z.boolean().exactOptional(),
});
