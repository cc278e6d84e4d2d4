import * as z from 'zod';

export const invokeLambdaDescription =
  'Hands each item, or all items of a chunk, to a Lambda function of the account that the stack allows, and keeps what it answers as the output.';

export const invokeLambdaParameters = z.strictObject({
  function: z.string().min(1).max(100).describe('Name of a function in invokableFunctions of the stack.'),
  per: z
    .enum(['item', 'chunk'])
    .default('item')
    .describe('What an invocation is for: one item, or all items of a chunk (itemsPerTask of the job).'),
  arguments: z.unknown().optional().describe('Handed over with each item, or with the chunk.'),
});
export type InvokeLambdaParameters = z.infer<typeof invokeLambdaParameters>;
