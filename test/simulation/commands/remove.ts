import { isOf, type Rules } from './command.ts';

export interface Remove {
  readonly kind: 'delete';
}

export const remove: Rules<Remove> = {
  call: (_command, { job }) => ({ operation: 'deleteJob', job }),
  allows: (_command, key, change) => isOf(key, change) && change.after === undefined,
  isCorrect: (_command, key, { status }, { states, changes }) =>
    status === 204 ? changes.length === 1 : status === 404 && states(key).includes(undefined),
};
