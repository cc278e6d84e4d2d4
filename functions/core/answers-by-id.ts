import type { Item } from './item.ts';

/** Of each item its answer, if there is one. Items may share an id; then its answers are theirs in turn. */
export function answersById<A>(
  items: readonly Pick<Item, 'id'>[],
  answers: readonly A[],
  idOf: (answer: A) => unknown,
): (A | undefined)[] {
  const byId = Map.groupBy(answers, (answer) => String(idOf(answer)));
  return items.map(({ id }) => byId.get(id)?.shift());
}
