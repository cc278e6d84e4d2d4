/** What a reader of one document type finds. */
export interface AnnotatedText {
  /** Where the reader found out more than the first bytes tell. */
  readonly type?: string;
  readonly title?: string | undefined;
  /** Only documents with pages have it. */
  readonly pages?: number;
  readonly text: string;
  /** What a user of the text should know about it. */
  readonly note?: string | undefined;
}
