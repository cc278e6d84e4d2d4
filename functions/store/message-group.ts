import { createHash } from 'node:crypto';

/** A group id takes letters, digits and punctuation only, 128 at most; any other group goes by its hash. */
export function messageGroup(group: string): string {
  return /^[!-~]{1,128}$/.test(group) ? group : createHash('sha256').update(group).digest('hex');
}
