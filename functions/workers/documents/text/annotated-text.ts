/** Text and metadata that the reader of one document type returns. */
export interface AnnotatedText {
  /** Media type, if the reader finds a more specific one than the first bytes show. */
  readonly type?: string;
  readonly title?: string | undefined;
  /** Number of pages, for documents that have pages. */
  readonly pages?: number;
  readonly text: string;
  /** Limitation of the text for the user, such as damaged pages. */
  readonly note?: string | undefined;
}
