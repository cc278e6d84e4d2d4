import type { Item } from './item.ts';

/** Returns the answer for each item, if there is one. Items with the same id each take the next answer. */
export function answersById<A>(
  items: readonly Pick<Item, 'id'>[],
  answers: readonly A[],
  idOf: (answer: A) => unknown,
): (A | undefined)[] {
  const byId = Map.groupBy(answers, (answer) => String(idOf(answer)));
  return items.map(({ id }) => byId.get(id)?.shift());
}
