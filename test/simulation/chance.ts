import { SeededRandom } from '../support/memory/world.ts';

/** Seeded choices: the same seed chooses the same. */
export class Chance {
  readonly random: SeededRandom;

  constructor(seed: number) {
    this.random = new SeededRandom(seed);
    // Neighbouring seeds begin alike; a few numbers further on they don't.
    for (let i = 0; i < 4; i += 1) this.random.next();
  }

  is(probability: number): boolean {
    return probability > 0 && this.random.next() < probability;
  }

  /** From 0 to below `limit`. */
  below(limit: number): number {
    return Math.floor(this.random.next() * limit);
  }

  /** From `least` to `most`, both possible. */
  between(least: number, most: number): number {
    return least + this.below(most - least + 1);
  }

  pick<T>(choices: readonly T[]): T {
    const picked = choices[this.below(choices.length)];
    if (picked === undefined && choices.length === 0) throw new Error('nothing to pick from');
    return picked as T;
  }
}
