/**
 * Random trees of batches, and the splitters that walk them. A tree is its own definition, a list of parts. A part is
 * an item list, a range of numbers, a smaller batch, an error, or a checkpoint where splitting may stop and resume.
 */
import { z } from 'zod';
import { PAGE_SIZE } from '#core/page.ts';
import {
  batch,
  type Child,
  checkpoint,
  defineSplitter,
  item,
  numbers,
  type SplitContext,
  type Splitter,
} from '#core/splitter.ts';
import { MAX_MESSAGE_BYTES } from '../../functions/store/claim-check.ts';
import type { Chance } from './chance.ts';
import { SPLIT_ERRORS, type SplitError, type SplitErrors } from './split-errors.ts';

export interface Tree {
  readonly label: string;
  readonly parts: readonly TreePart[];
}

export type TreePart =
  /** One item per letter. The letter selects the behavior of the worker (`workers.ts`). */
  | { readonly kind: 'items'; readonly does: string }
  | { readonly kind: 'numbers'; readonly from: number; readonly count: number }
  | { readonly kind: 'batch'; readonly splitter: string; readonly definition: unknown }
  | { readonly kind: 'throws'; readonly error: SplitError }
  | { readonly kind: 'checkpoint' };

const treeSchema = z.custom<Tree>((value) => typeof value === 'object' && value !== null && 'parts' in value);

function steadyTree(errors: SplitErrors): Splitter<Tree> {
  return defineSplitter<Tree>({
    name: 'tree',
    description: 'Walks a tree that never changes.',
    definition: treeSchema,
    stable: true,
    *split(definition, context) {
      for (const [index, part] of partsFrom(definition, context)) {
        errors.throwErrorOf(part, `${definition.label}.${index}`, context);
        yield* childrenOf(part, `${definition.label}.${index}`, index);
      }
    },
  });
}

/** Walks a tree whose source changes between two reads: other items, another number, and fewer batches. */
function shiftingTree(errors: SplitErrors): Splitter<Tree> {
  let reads = 0;
  return defineSplitter<Tree>({
    name: 'shifting',
    description: 'Walks a tree that changes at each read.',
    definition: treeSchema,
    *split(definition, context) {
      reads += 1;
      const readNumber = reads;
      for (const [index, part] of partsFrom(definition, context)) {
        errors.throwErrorOf(part, `${definition.label}.${index}`, context);
        if (part.kind === 'batch' && (readNumber + index) % 4 === 0) continue;
        const does = part.kind === 'items' ? part.does.repeat(1 + (readNumber % 3)) : '';
        const currentPart: TreePart = part.kind === 'items' ? { ...part, does } : part;
        yield* childrenOf(currentPart, `${definition.label}.${index}.look${readNumber}`, index);
      }
    },
  });
}

/** Sub-batches may use different splitters, because each level has its own fence. */
export const treeSplitters = (errors: SplitErrors): Splitter[] => [steadyTree(errors), shiftingTree(errors)];

function* partsFrom(definition: Tree, { cursor }: SplitContext): Generator<[number, TreePart]> {
  for (let index = Number(cursor ?? 0); index < definition.parts.length; index += 1) {
    const part = definition.parts[index];
    if (part !== undefined) yield [index, part];
  }
}

function* childrenOf(part: TreePart, label: string, index: number): Generator<Child> {
  switch (part.kind) {
    case 'items':
      for (const [i, does] of [...part.does].entries()) yield item(`${label}.${i}`, does);
      break;
    case 'numbers':
      yield numbers({ from: part.from, step: 1, count: part.count });
      break;
    case 'batch':
      yield batch(part.definition, part.splitter);
      break;
    case 'checkpoint':
      yield checkpoint(index + 1);
  }
}

/** Returns every item of the tree with its letter. The job parameters decide for numbers (`#`). */
export function* itemsOfTree(splitter: string, definition: unknown): Generator<[id: string, does: string]> {
  if (splitter === 'range') {
    const { from, to } = definition as { from: number; to: number };
    for (let n = from; n < to; n += 1) yield [String(n), '#'];
    return;
  }
  if (splitter === 'items') {
    for (const { id, does } of (definition as { items: { id: string; does: string }[] }).items)
      yield [id, does];
    return;
  }
  const { label, parts } = definition as Tree;
  for (const [index, part] of parts.entries()) {
    if (part.kind === 'items') {
      for (const [i, does] of [...part.does].entries()) yield [`${label}.${index}.${i}`, does];
    } else if (part.kind === 'numbers') {
      for (let n = part.from; n < part.from + part.count; n += 1) yield [String(n), '#'];
    } else if (part.kind === 'batch') yield* itemsOfTree(part.splitter, part.definition);
  }
}

export interface TreeShape {
  /** Letters from which the behavior of items is drawn. */
  readonly letters: string;
  readonly depth: number;
  /** Splitters of inner nodes; `shifting` makes the tree unpredictable. */
  readonly splitters: readonly string[];
  /** Probability that a node has about as many chunks as fit on a page. */
  readonly wide: number;
  readonly itemsPerTask: number;
  readonly checkpoints: number;
  /** Probability that the splitter cannot read a part of the tree. */
  readonly throws: number;
  /** Probability that an item of a list is too large for a message. */
  readonly heavy: number;
}

/** Makes trees whose item ids are unique within the schedule. */
export class TreeMaker {
  readonly #chance: Chance;
  #labels = 0;
  #numbers = 1;

  constructor(chance: Chance) {
    this.#chance = chance;
  }

  make(shape: TreeShape): { splitter: string; definition: unknown } {
    const chance = this.#chance;
    const splitter = chance.pick(shape.splitters);
    if (splitter === 'range') return { splitter, definition: this.#range(shape) };
    if (splitter === 'items') return { splitter, definition: { items: this.#list(shape) } };
    this.#labels += 1;
    const label = `${shape.letters[0] ?? 's'}${this.#labels}`;
    const parts: TreePart[] = [];
    for (let remaining = chance.below(6); remaining > 0; remaining -= 1) parts.push(...this.#parts(shape));
    if (chance.is(shape.wide)) parts.push(this.#wide(shape));
    return { splitter, definition: { label, parts } satisfies Tree };
  }

  #parts(shape: TreeShape): TreePart[] {
    const chance = this.#chance;
    const stop: TreePart[] = chance.is(shape.checkpoints) ? [{ kind: 'checkpoint' }] : [];
    if (shape.depth > 0 && chance.is(0.35)) {
      const inner = this.make({ ...shape, depth: shape.depth - 1 });
      return [...stop, { kind: 'batch', ...inner }];
    }
    if (chance.is(shape.throws)) return [...stop, { kind: 'throws', error: chance.pick(SPLIT_ERRORS) }];
    if (chance.is(0.2)) return [...stop, this.#numbersPart(chance.below(4 * shape.itemsPerTask))];
    return [...stop, { kind: 'items', does: this.#letters(shape, chance.below(3 * shape.itemsPerTask)) }];
  }

  #wide(shape: TreeShape): TreePart {
    return this.#numbersPart(this.#edge() * shape.itemsPerTask);
  }

  #range(shape: TreeShape) {
    const count = this.#chance.is(shape.wide)
      ? this.#edge() * shape.itemsPerTask
      : this.#chance.below(5 * shape.itemsPerTask);
    const { from } = this.#numbersPart(count);
    return { from, to: from + count };
  }

  /** Returns a number of children close to a multiple of full pages. */
  #edge(): number {
    const square = PAGE_SIZE * PAGE_SIZE;
    const edges = [PAGE_SIZE, 2 * PAGE_SIZE, ...(square < 300 ? [square, square, square + PAGE_SIZE] : [])];
    return this.#chance.pick(edges) + this.#chance.between(-1, 2);
  }

  #numbersPart(count: number): { kind: 'numbers'; from: number; count: number } {
    const from = this.#numbers;
    this.#numbers += count;
    return { kind: 'numbers', from, count };
  }

  #list(shape: TreeShape) {
    this.#labels += 1;
    const label = `l${this.#labels}`;
    const letters = this.#letters(shape, this.#chance.below(4 * shape.itemsPerTask));
    return [...letters].map((does, index) => {
      const ballast = this.#chance.is(shape.heavy) ? { ballast: 'x'.repeat(MAX_MESSAGE_BYTES) } : {};
      return { id: `${label}.${index}`, does, ...ballast };
    });
  }

  #letters(shape: TreeShape, count: number): string {
    let letters = '';
    for (let i = 0; i < count; i += 1) letters += this.#chance.pick([...shape.letters]);
    return letters;
  }
}
