/** What a reader of one document type finds. */
export interface AnnotatedText {
  readonly title?: string | undefined;
  /** Only documents with pages have it. */
  readonly pages?: number;
  readonly text: string;
  /** What a user of the text should know about it. */
  readonly note?: string | undefined;
}
