import { createHash } from 'node:crypto';

/**
 * Returns the SQS message group id. SQS allows up to 128 letters, digits and punctuation characters; other
 * groups are hashed.
 */
export function messageGroup(group: string): string {
  return /^[!-~]{1,128}$/.test(group) ? group : createHash('sha256').update(group).digest('hex');
}
