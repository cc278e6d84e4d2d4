/** Queues of one account and region differ in the last part of their URL only, which is their name. */
export function siblingOf(url: string, queueName: string): string {
  return `${url.slice(0, url.lastIndexOf('/') + 1)}${queueName}`;
}
