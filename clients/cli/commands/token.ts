import type { Context } from '../context.ts';
import { CliError } from '../errors.ts';
import { claimsOf } from '../settings/claims.ts';
import { settingsOf } from '../settings/connection.ts';

export async function run(
  { output, options, env }: Context,
  { claims }: { claims?: boolean },
): Promise<void> {
  const token = await settingsOf(options, env).token();
  if (!claims) return output.format === 'text' ? output.line(token) : output.json({ token });
  const found = claimsOf(token);
  if (found === undefined) throw new CliError('the token is not a JWT, so its claims cannot be shown');
  await output.json(found);
}
