/** Result of converting one document. */
export interface ConvertedPart {
  /** File name of the source document. */
  readonly source: string;
  readonly pages: number;
  readonly sizeBytes: number;
  readonly note?: string | undefined;
}

/** Output of a worker that makes parts: the totals over all parts. */
export interface PartTotals {
  readonly pages: number;
  readonly sizeBytes: number;
  readonly note?: string;
}

export function totalsOf(parts: readonly ConvertedPart[]): PartTotals {
  const note = joinNotes(parts);
  return {
    pages: parts.reduce((sum, { pages }) => sum + pages, 0),
    sizeBytes: parts.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    ...(note !== '' && { note }),
  };
}

export function joinNotes(parts: readonly Pick<ConvertedPart, 'source' | 'note'>[]): string {
  return parts.flatMap(({ source, note }) => (note ? [`${source}: ${note}`] : [])).join('; ');
}
