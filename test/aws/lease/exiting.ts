/** A process that ends during an invocation. Its first argument selects how. */
import { Leases } from '../../../functions/aws/lease/leases.ts';

const log = { info: () => undefined, warn: () => undefined, alarm: () => undefined };
const leases = new Leases({ log, countRequest: () => undefined });
const [, , ending, queueUrl = ''] = process.argv;
const message = { queueUrl, receiveCount: 1, body: '{}' };
const lease = leases.begin([
  { ...message, receipt: 'one' },
  { ...message, receipt: 'two' },
]);
switch (ending) {
  case 'exit':
    process.exit(3);
    break;
  case 'throw':
    throw new Error('uncaught');
  case 'reject':
    await Promise.reject(new Error('unhandled'));
    break;
  default:
    await lease.end();
}
