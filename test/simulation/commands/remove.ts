import { isOf, type Rules } from './command.ts';

export interface Remove {
  readonly kind: 'delete';
}

export const remove: Rules<Remove> = {
  call: (_command, { job }) => ({ operation: 'deleteJob', job }),
  allows: (_command, key, change) => isOf(key, change) && change.after === undefined,
  isTrue: (_command, key, { status }, { standings, changes }) =>
    status === 204 ? changes.length === 1 : status === 404 && standings(key).includes(undefined),
};
