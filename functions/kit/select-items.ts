import type { ChunkMessage } from '#contract/messages.ts';
import type { Item } from '#core/item.ts';
import { type ContentPorts, withDetectedType } from '../sources/detect-mime-type.ts';
import { checkParts } from './step-item.ts';

export interface SelectedItem {
  readonly item: Item;
  readonly position: number;
  /** Reason why the worker does not receive the item. */
  readonly itemFailure?: unknown;
}

type Rules = ChunkMessage['step'];

/** True if the worker receives only parts of some media types. */
export function selectsByType(rules: Rules): boolean {
  return rules !== undefined && rules.inputMimeTypes.length > 0;
}

/** Detects missing media types if the step selects parts by type, and checks that the step receives a part. */
export async function selectItem(
  { item, position }: SelectedItem,
  rules: Rules,
  ports: ContentPorts,
): Promise<SelectedItem> {
  if (!selectsByType(rules)) return { item, position };
  try {
    const typed = await withTypes(item, ports);
    checkParts(typed, rules);
    return { item: typed, position };
  } catch (itemFailure) {
    return { item, position, itemFailure };
  }
}

async function withTypes(item: Item, ports: ContentPorts): Promise<Item> {
  const { parts } = item;
  if (parts === undefined) return item;
  const detect = (part: (typeof parts)[number]) =>
    part.type === 'META' ? part : withDetectedType(part, ports);
  return { ...item, parts: await Promise.all(parts.map(detect)) };
}
