/** Applies `work` to each input, at most `limit` at once. Results have the order of the inputs. */
export async function mapParallel<T, R>(
  inputs: readonly T[],
  limit: number,
  work: (input: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = new Array(inputs.length);
  const remaining = inputs.entries();
  const runner = async () => {
    for (const [position, input] of remaining) results[position] = await work(input);
  };
  await Promise.all(Array.from({ length: Math.min(limit, inputs.length) }, runner));
  return results;
}
