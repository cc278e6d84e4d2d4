/** What a worker made of one document. */
export interface MadePart {
  /** Name of the document. */
  readonly source: string;
  readonly pages: number;
  readonly sizeBytes: number;
  readonly note?: string | undefined;
}

/** The output of a worker that makes parts: all of them together. */
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
