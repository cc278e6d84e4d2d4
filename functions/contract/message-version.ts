/**
 * Version of the messages that this release writes. Increase it with every change of a message, including a
 * new optional field: the previous release refuses unknown fields, and returns messages of a later version to
 * their queue.
 */
export const MESSAGE_VERSION: number = 1;

/**
 * The oldest version that this release reads. Held work and state machines keep messages as long as a job
 * exists.
 */
export const OLDEST_MESSAGE_VERSION = 1;
