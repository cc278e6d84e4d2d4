import { statusAfter } from '../job-model.ts';
import { isOf, type Rules } from './command.ts';

export interface Control {
  readonly kind: 'cancel' | 'pause' | 'resume';
}

const OPERATIONS = { cancel: 'cancelJob', pause: 'pauseJob', resume: 'resumeJob' } as const;

export const control: Rules<Control> = {
  call: ({ kind }, { job }) => ({ operation: OPERATIONS[kind], job }),
  allows: ({ kind }, key, change) => isOf(key, change) && change.entry?.verb === kind,
  isCorrect({ kind }, key, { status, code }, { states, changes }) {
    const results = states(key).map((job) => (job === undefined ? 'missing' : statusAfter(kind, job)));
    switch (status) {
      case 204:
        return changes.length === 1 || results.includes('noop');
      case 404:
        return results.includes('missing');
      default:
        return code === 'invalid-transition' && results.includes('refused');
    }
  },
};
