import { refusal } from '#contract/problem.ts';
import { ObjectChanged } from '#core/ports.ts';

/** Seconds after which a caller should retry. */
const RETRY_AFTER = '1';

/** Wraps a port so that every error it throws becomes `store-unreachable`, which is not a bug and can be retried. */
export function orUnreachable<T extends object>(port: T, name: string): T {
  return new Proxy(port, {
    get(target, property) {
      const member: unknown = Reflect.get(target, property);
      if (typeof member !== 'function') return member;
      return async (...inputs: unknown[]) => {
        try {
          return await member.apply(target, inputs);
        } catch (error) {
          if (error instanceof ObjectChanged) throw error;
          throw refusal('store-unreachable', `the ${name} cannot be reached; try again`, {
            cause: error,
            headers: { 'Retry-After': RETRY_AFTER },
          });
        }
      };
    },
  });
}
