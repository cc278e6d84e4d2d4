/** Location of the outcomes of a chunk: a range of bytes of a block. */
export interface OutcomeLocation {
  /** Name of the object: `blockKey` in `functions/store/object-keys.ts` returns its key. */
  readonly block: string;
  readonly from: number;
  readonly to: number;
}

/** Outcomes of a chunk as a report records them. */
export interface RecordedOutcomes {
  readonly location: OutcomeLocation;
  /** Outcome codes that the worker set, if the job runs a template. */
  readonly codes: readonly string[];
}

/** The recorded outcomes of one chunk of a page. */
export interface OutcomeRef extends RecordedOutcomes {
  /** Position and totals of the chunk in its page. */
  readonly element: bigint;
}
