import type { Resolve } from '../../functions/aws/web.ts';

/** Resolves every name to these addresses. */
export function namesAt(...addresses: string[]): Resolve {
  return (_hostname, _options, done) =>
    done(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
}
