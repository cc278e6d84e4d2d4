export type UnreadableCode =
  | 'document-broken'
  | 'document-encrypted'
  | 'document-unsupported'
  | 'document-empty'
  | 'document-too-large';

/** A document that will be as unreadable at the next attempt: a permanent failure of its item. */
export class UnreadableDocument extends Error {
  override readonly name = 'UnreadableDocument';
  readonly code: UnreadableCode;

  constructor(code: UnreadableCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
