/** The URLs of queues in one account and region differ only in the last part, which is the queue's name. */
export function siblingOf(url: string, queueName: string): string {
  return `${url.slice(0, url.lastIndexOf('/') + 1)}${queueName}`;
}

/** Returns the name of a queue from its URL. */
export function queueNameOfUrl(url: string): string {
  return url.slice(url.lastIndexOf('/') + 1);
}

/** Returns the name of a queue from its ARN. */
export function queueNameOfArn(arn: string): string {
  return arn.slice(arn.lastIndexOf(':') + 1);
}
