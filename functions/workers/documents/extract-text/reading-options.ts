/** Settings for reading one document. */
export interface ReadingOptions {
  readonly name: string;
  readonly maxPages: number;
  readonly maxCharacters: number;
  /** Language of the document, if the caller knows it. */
  readonly language?: string | undefined;
  /** Number of zips that enclose the document. @default 0 */
  readonly depth?: number;
}
