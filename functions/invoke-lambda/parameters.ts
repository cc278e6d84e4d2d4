import * as z from 'zod';

export const invokeLambdaDescription =
  'Hands each item to a Lambda function of the account that the stack allows, and keeps what it answers as the output.';

export const invokeLambdaParameters = z.strictObject({
  function: z.string().min(1).max(100).describe('Name of a function in invokableFunctions of the stack.'),
  arguments: z.unknown().optional().describe('Handed over with each item.'),
});
export type InvokeLambdaParameters = z.infer<typeof invokeLambdaParameters>;
