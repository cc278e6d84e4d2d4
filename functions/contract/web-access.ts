/** Which part of the web the functions of a stack may reach, in the variable `JOBTREE_WEB`. */
export interface WebAccess {
  /** Ports of HTTPS beside 443; any port where private addresses are allowed. */
  readonly ports?: readonly number[];
  /** Plain HTTP, and addresses that are not public: on a laptop only. */
  readonly isLocal?: boolean;
}
