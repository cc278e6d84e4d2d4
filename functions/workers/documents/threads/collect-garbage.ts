import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

let collect: (() => void) | undefined;

/**
 * Frees the memory of a large piece of work that ended. V8 lets the garbage of several pieces accumulate, because it does
 * not know the limit of the process.
 */
export function collectGarbage(): void {
  if (collect === undefined) {
    // Only contexts that are created after the flag is set have the function.
    setFlagsFromString('--expose-gc');
    collect = runInNewContext('gc') as () => void;
  }
  collect();
}
