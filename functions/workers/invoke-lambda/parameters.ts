import * as v from 'valibot';

export const invokeLambdaDescription =
  'Invokes a Lambda function with each item, or with all items of a chunk, and keeps the result as the output. The stack must allow the function.';

export const invokeLambdaParameters = v.strictObject({
  function: v.pipe(
    v.string(),
    v.nonEmpty(),
    v.maxLength(100),
    v.description('Name of a function in `invokableFunctions` of the stack.'),
  ),
  per: v.optional(
    v.pipe(
      v.picklist(['item', 'chunk']),
      v.description('Scope of an invocation: one item, or all items of a chunk (itemsPerTask of the job).'),
    ),
    'item',
  ),
  arguments: v.optional(
    v.pipe(v.unknown(), v.description('Passed to the function with each item, or with the chunk.')),
  ),
});
export type InvokeLambdaParameters = v.InferOutput<typeof invokeLambdaParameters>;
