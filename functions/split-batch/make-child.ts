import type { OutcomeRecord } from '#core/item.ts';
import type { Objects } from '#core/ports.ts';
import { type ChunkResult, packedOutcomes } from '../store/reports.ts';
import { childMessage, chunk, type Parent } from './child-messages.ts';
import type { Draft } from './pack-children.ts';
import { type Takeover, takeOver } from './take-over.ts';

export type ChildOutput =
  | ({ readonly kind: 'message' } & Awaited<ReturnType<typeof childMessage>>)
  | (ChunkResult & { readonly kind: 'final' });

/** Returns the message of a child. In a retry, returns the recorded outcomes of a chunk in which nothing is retried. */
export async function makeChild(
  objects: Objects,
  parent: Parent & { readonly takeover?: Takeover | undefined },
  index: number,
  draft: Draft,
): Promise<ChildOutput> {
  const { message, plan, takeover } = parent;
  // For a step over outcomes, the worker reads the recorded outcomes together with the items.
  if (takeover === undefined || draft.kind === 'batch' || 'sources' in draft)
    return { kind: 'message', ...(await childMessage(objects, parent, index, draft)) };
  const chunkTakeover = await takeOver(
    { objects, finder: parent.finder },
    takeover,
    { path: message.path, index, step: message.step, plan },
    draft,
  );
  if (chunkTakeover.kind === 'recorded') {
    const final = chunk(parent, index, draft);
    const { records } = chunkTakeover;
    // The next step reads the outcomes of this run.
    const kept =
      message.step === undefined ? { isRecordedEarlier: true as const } : { packed: packedOutcomes(records) };
    return { kind: 'final', chunk: final, records: records.map(withoutContent), ...kept };
  }
  return { kind: 'message', ...(await childMessage(objects, parent, index, chunkTakeover.draft)) };
}

/** Returns the fields of an outcome that a report needs besides the packed outcomes. */
function withoutContent({
  output: _output,
  payload: _payload,
  parts: _parts,
  input: _input,
  ...record
}: OutcomeRecord): OutcomeRecord {
  return record;
}
