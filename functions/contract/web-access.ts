/** The part of the web that the functions of a stack may reach, in the variable `JOBTREE_WEB`. */
export interface WebAccess {
  /** HTTPS ports in addition to 443. With `isLocal`, any port is allowed. */
  readonly ports?: readonly number[];
  /** True to allow plain HTTP and private addresses. For local development only. */
  readonly isLocal?: boolean;
}
