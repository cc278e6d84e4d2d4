import * as z from 'zod';

export const invokeLambdaDescription =
  'Invokes a Lambda function with each item, or with all items of a chunk, and keeps the result as the output. The stack must allow the function.';

export const invokeLambdaParameters = z.strictObject({
  function: z.string().min(1).max(100).describe('Name of a function in `invokableFunctions` of the stack.'),
  per: z
    .enum(['item', 'chunk'])
    .default('item')
    .describe('Scope of an invocation: one item, or all items of a chunk (itemsPerTask of the job).'),
  arguments: z.unknown().optional().describe('Passed to the function with each item, or with the chunk.'),
});
export type InvokeLambdaParameters = z.infer<typeof invokeLambdaParameters>;
