/** A PDF with a part of a document. Parts are made one by one, because the layout of a whole file takes much memory. */
export interface LaidOutPart {
  readonly bytes: Uint8Array;
  /** Number of its first pages that belong to the document. */
  readonly pages: number;
}

export interface OfficePages {
  readonly parts: AsyncIterable<LaidOutPart>;
  /** Returns what the pages do not show. Complete after the last part. */
  readonly notes: () => readonly string[];
}
