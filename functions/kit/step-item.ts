/** What a step of a template asks of an item: which parts its worker sees, and what becomes of them. */
import type { ChunkMessage } from '#contract/messages.ts';
import { PermanentFailure } from '#core/errors.ts';
import type { Item, OutcomeRecord, Part } from '#core/item.ts';
import { isVisible } from '#core/template/visible-parts.ts';

type Rules = ChunkMessage['step'];

/** The item as the worker of the step sees it. */
export function itemForWorker(item: Item, rules: Rules): Item {
  if (rules === undefined || item.parts === undefined) return item;
  return { ...item, parts: item.parts.filter((part) => isVisible(part, rules.inputMimeTypes)) };
}

/** All parts after the step, new ones behind those that the item came with; fails where a new one was due. */
export function partsAfterStep(item: Item, made: readonly Part[], rules: Rules): Part[] {
  const { parts = [] } = item;
  if (rules?.expectsNewPart === true && made.length === 0) {
    throw new PermanentFailure(
      'no-new-part',
      `step '${rules.name}' made no new part of the item, which it must; does the item have a part that the step accepts (${rules.inputMimeTypes.join(', ') || 'any type'})?`,
    );
  }
  const isSource = (part: Part) => rules?.marksSourceMeta === true && isVisible(part, rules.inputMimeTypes);
  return [...parts.map((part) => (isSource(part) ? { ...part, type: 'META' as const } : part)), ...made];
}

/** What the next step is handed of the item beside its output and parts. */
export function indexFieldsOf(item: Item, rules: Rules): Pick<OutcomeRecord, 'indexData' | 'properties'> {
  if (rules === undefined) return {};
  const { indexData, properties } = item;
  return {
    ...(indexData === undefined ? {} : { indexData }),
    ...(properties === undefined ? {} : { properties }),
  };
}
