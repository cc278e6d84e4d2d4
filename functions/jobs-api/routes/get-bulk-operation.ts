import { readBulk } from '../../store/bulk.ts';
import { bulkOperationView } from '../bulk-jobs.ts';
import { noSuchBulkOperation } from '../missing.ts';
import type { OperationHandler } from '../request.ts';

/** Ids are ours; one of another form would make a key that the table does not take. */
const ID = /^[0-9a-zA-Z]{1,64}$/;

export const getBulkOperation: OperationHandler<'getBulkOperation'> = async ({ parameters }, { table }) => {
  const { p, b } = parameters;
  const operation = ID.test(b) ? await readBulk(table, p, b) : undefined;
  if (operation === undefined) throw noSuchBulkOperation(p, b);
  return { status: 200, body: bulkOperationView(operation) };
};
