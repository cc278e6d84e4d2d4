/**
 * Version of the messages that this release writes. It grows with every change of a message, an optional field included:
 * the release before refuses fields that it does not know, and returns a message of a later version to its queue.
 */
export const MESSAGE_VERSION: number = 1;

/** The oldest version that this release reads: held work and state machines keep messages for as long as a job lives. */
export const OLDEST_MESSAGE_VERSION = 1;
