import { SeededRandom } from '../support/memory/world.ts';

/** Seeded random choices: the same seed always produces the same choices. */
export class Chance {
  readonly random: SeededRandom;

  constructor(seed: number) {
    this.random = new SeededRandom(seed);
    // Neighboring seeds begin with similar numbers, so the first few are skipped.
    for (let i = 0; i < 4; i += 1) this.random.next();
  }

  is(probability: number): boolean {
    return probability > 0 && this.random.next() < probability;
  }

  /** Returns an integer from 0 up to, but not including, `limit`. */
  below(limit: number): number {
    return Math.floor(this.random.next() * limit);
  }

  /** Returns an integer from `min` to `max`, inclusive. */
  between(min: number, max: number): number {
    return min + this.below(max - min + 1);
  }

  pick<T>(choices: readonly T[]): T {
    const choice = choices[this.below(choices.length)];
    if (choice === undefined && choices.length === 0) throw new Error('no choices to pick from');
    return choice as T;
  }
}
