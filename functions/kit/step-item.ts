/** The rules of a step for an item: which parts the worker receives, and which parts the next step receives. */
import type { ChunkMessage } from '#contract/messages.ts';
import { PermanentFailure } from '#core/errors.ts';
import type { Item, OutcomeRecord, Part } from '#core/item.ts';
import { omitUndefined } from '#core/omit-undefined.ts';
import { accepts, isVisible } from '#core/template/visible-parts.ts';

type Rules = ChunkMessage['step'];

/** Returns the item with the parts that the step accepts. */
export function itemForWorker(item: Item, rules: Rules): Item {
  if (rules === undefined || item.parts === undefined) return item;
  return { ...item, parts: item.parts.filter((part) => isVisible(part, rules.inputMimeTypes)) };
}

/** Returns a note if the step has types of parts, but the item has no such part and never had one. */
export function noPartsNote({ parts = [] }: Item, rules: Rules): string | undefined {
  const types = rules?.inputMimeTypes ?? [];
  if (rules === undefined || types.length === 0) return undefined;
  // A part that an earlier visit of the step received may be META now.
  if (parts.some(({ mimeType }) => types.some((type) => accepts(type, mimeType)))) return undefined;
  const files = parts.slice(0, MAX_LISTED).map(({ filename, mimeType }) => `${filename} (${mimeType})`);
  const found = files.length === 0 ? 'no parts' : files.join(', ');
  const more = parts.length > MAX_LISTED ? ` and ${parts.length - MAX_LISTED} more` : '';
  return `step '${rules.name}' received no part: it accepts ${types.join(', ')}, and the item has ${found}${more}`;
}

const MAX_LISTED = 3;

/** Throws if the step must receive a part of the item. */
export function checkParts(item: Item, rules: Rules): void {
  const note = rules?.onNoParts === 'fail' ? noPartsNote(item, rules) : undefined;
  if (note !== undefined)
    throw new PermanentFailure('no-parts', `${note}. Correct the type of the part, or leave out the item.`);
}

/** Returns all parts after the step, new ones last. Throws if the step must add a part and did not. */
export function partsAfterStep(item: Item, newParts: readonly Part[], rules: Rules): Part[] {
  const { parts = [] } = item;
  if (rules?.expectsNewPart === true && newParts.length === 0) {
    throw new PermanentFailure(
      'no-new-part',
      `step '${rules.name}' must add a part to the item, but added none. Check that the item has a part that the step accepts (${rules.inputMimeTypes.join(', ') || 'any type'}).`,
    );
  }
  const isSource = (part: Part) => rules?.marksSourceMeta === true && isVisible(part, rules.inputMimeTypes);
  return [...parts.map((part) => (isSource(part) ? { ...part, type: 'META' as const } : part)), ...newParts];
}

/** Returns the index data and properties of the item, which the next step receives too. */
export function indexFieldsOf(item: Item, rules: Rules): Pick<OutcomeRecord, 'indexData' | 'properties'> {
  if (rules === undefined) return {};
  const { indexData, properties } = item;
  return omitUndefined({ indexData, properties });
}
