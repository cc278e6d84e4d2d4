/** Result of converting one document. */
export interface MadePart {
  /** File name of the source document. */
  readonly source: string;
  readonly pages: number;
  readonly sizeBytes: number;
  readonly note?: string | undefined;
}

/** Output of a worker that makes parts: the totals over all parts. */
export interface Made {
  readonly pages: number;
  readonly sizeBytes: number;
  readonly note?: string;
}

export function madeOf(parts: readonly MadePart[]): Made {
  const note = joinNotes(parts);
  return {
    pages: parts.reduce((sum, { pages }) => sum + pages, 0),
    sizeBytes: parts.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    ...(note !== '' && { note }),
  };
}

export function joinNotes(parts: readonly Pick<MadePart, 'source' | 'note'>[]): string {
  return parts.flatMap(({ source, note }) => (note ? [`${source}: ${note}`] : [])).join('; ');
}
