/** Applies `work` to each input, at most `limit` at once. Results have the order of the inputs. */
export async function mapParallel<T, R>(
  inputs: readonly T[],
  limit: number,
  work: (input: T) => Promise<R> | R,
): Promise<R[]> {
  const results: R[] = new Array(inputs.length);
  let next = 0;
  const runner = async () => {
    while (next < inputs.length) {
      const position = next;
      next += 1;
      results[position] = await work(inputs[position] as T);
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, inputs.length) }, runner));
  return results;
}
