export type UnreadableCode =
  | 'document-broken'
  | 'document-encrypted'
  | 'document-unsupported'
  | 'document-empty'
  | 'document-too-large';

/** Thrown when a document cannot be read and a retry cannot help. Its item fails permanently. */
export class UnreadableDocument extends Error {
  override readonly name = 'UnreadableDocument';
  readonly code: UnreadableCode;

  constructor(code: UnreadableCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
