/** Queues of one account and region differ in the last part of their URL only, which is their name. */
export function siblingOf(url: string, queueName: string): string {
  return `${url.slice(0, url.lastIndexOf('/') + 1)}${queueName}`;
}

/** Name of a queue by its URL. */
export function queueNameOfUrl(url: string): string {
  return url.slice(url.lastIndexOf('/') + 1);
}

/** Name of a queue by its ARN. */
export function queueNameOfArn(arn: string): string {
  return arn.slice(arn.lastIndexOf(':') + 1);
}
