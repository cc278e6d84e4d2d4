import { describe } from 'vitest';
import type { Objects } from '#core/ports.ts';
import { type TextObjects, textObjects } from '../support/text-objects.ts';
import { describeListing } from './objects-listing.ts';
import { describeReading } from './objects-reading.ts';
import { describeWriting } from './objects-writing.ts';

export interface ObjectsUnderTest {
  readonly objects: Objects;
  /** A bucket besides the stack's own, and a function that writes to it. */
  readonly otherBucket: string;
  fill(key: string, body: string): Promise<void>;
}

/** Conformance tests of every `Objects` adapter. */
export function describeObjects(name: string, make: () => Promise<ObjectsUnderTest>): void {
  describe(`objects: ${name}`, () => {
    let made: Promise<ObjectsUnderTest> | undefined;
    const under = () => {
      made ??= make();
      return made;
    };
    const objects = madeWhenUsed(async () => (await under()).objects);
    describeWriting(objects);
    describeReading(objects, under);
    describeListing(objects);
  });
}

/** Creates the adapter on first use, because tests are defined before it can be created. */
function madeWhenUsed(made: () => Promise<Objects>): TextObjects {
  const objects = async () => textObjects(await made());
  return {
    put: async (...args) => (await objects()).put(...args),
    putIfAbsent: async (...args) => (await objects()).putIfAbsent(...args),
    putStream: async (...args) => (await objects()).putStream(...args),
    get: async (...args) => (await objects()).get(...args),
    describe: async (...args) => (await objects()).describe(...args),
    list: async (...args) => (await objects()).list(...args),
    delete: async (...args) => (await objects()).delete(...args),
  };
}
