import type { ChunkMessage } from '#contract/messages.ts';
import type { Item } from '#core/item.ts';
import { mapParallel } from '#core/parallel.ts';
import { type ContentPorts, withDetectedType } from '../sources/detect-mime-type.ts';
import { checkParts } from './step-item.ts';

export interface SelectedItem {
  readonly item: Item;
  readonly position: number;
  /** Reason why the worker does not receive the item. */
  readonly itemFailure?: unknown;
}

const PARALLEL_READS = 4;

/** Detects missing media types if the step selects parts by type, and checks that the step receives a part. */
export async function selectItems(
  items: readonly SelectedItem[],
  rules: ChunkMessage['step'],
  ports: ContentPorts,
): Promise<readonly SelectedItem[]> {
  if (rules === undefined || rules.inputMimeTypes.length === 0) return items;
  return mapParallel(items, PARALLEL_READS, async ({ item, position }) => {
    try {
      const typed = await withTypes(item, ports);
      checkParts(typed, rules);
      return { item: typed, position };
    } catch (itemFailure) {
      return { item, position, itemFailure };
    }
  });
}

async function withTypes(item: Item, ports: ContentPorts): Promise<Item> {
  const { parts } = item;
  if (parts === undefined) return item;
  const detect = (part: (typeof parts)[number]) =>
    part.type === 'META' ? part : withDetectedType(part, ports);
  return { ...item, parts: await Promise.all(parts.map(detect)) };
}
