import type {
  AttributeValue,
  CancellationReason,
  DeleteItemOutput,
  PutItemOutput,
  UpdateItemOutput,
} from '@aws-sdk/client-dynamodb';
import type { Page, Row, Table, TransactResult, Write, WriteResult } from '#core/ports.ts';
import { readUnits, rowBytes, writeUnits } from '#core/units.ts';
import { itemOf, nativeMap, rowOfImage } from './attributes.ts';
import { codeOf, type DynamoCall } from './calls.ts';
import { retryWhen } from './retry.ts';
import {
  getInput,
  keyOf,
  queryInput,
  type SingleWrite,
  transactInput,
  writeInput,
} from './table-requests.ts';

/** Creates a table port. The table has the keys `pk` and `sk`, and the indexes of `IndexName`. */
export function dynamoTable(dynamo: DynamoCall, tableName: string): Table {
  async function transact(writes: readonly Write[]): Promise<TransactResult> {
    const command = () => dynamo('TransactWriteItems', transactInput(writes, tableName));
    try {
      const { ConsumedCapacity = [] } = await retryWhen(isConflict, command);
      return { kind: 'written', units: consumed(...ConsumedCapacity) ?? transactionUnits(writes) };
    } catch (error) {
      const refused = refusedRows(error);
      if (refused === undefined) throw error;
      return { kind: 'refused', refused, units: transactionUnits(writes, refused) };
    }
  }

  return {
    transact,

    async get(key, options = {}) {
      const answer = await dynamo('GetItem', { ...getInput(options, tableName), Key: keyOf(key) });
      const { pk, sk } = key;
      const row = answer.Item === undefined ? undefined : { ...rowOfImage(answer.Item), pk, sk };
      const units = unitsRead(row === undefined ? [] : [row], options, answer.ConsumedCapacity);
      return row === undefined ? { units } : { row, units };
    },

    async write(write, returns) {
      if (write.kind === 'check') return checkAnswer(await transact([write]));
      try {
        const answer = await retryWhen(isConflict, () => sendWrite(dynamo, write, tableName, returns));
        const row = returnedRow(write, returns, answer.Attributes);
        const units = consumed(answer.ConsumedCapacity) ?? writeUnits(knownBytes(write, row));
        return row === undefined ? { kind: 'written', units } : { kind: 'written', row, units };
      } catch (error) {
        if (codeOf(error) === 'ConditionalCheckFailedException') return refusal(error as Refusal);
        throw error;
      }
    },

    async query(query) {
      const answer = await dynamo('Query', queryInput(query, tableName));
      const rows = (answer.Items ?? []).map(rowOfImage);
      const page: Page = { rows, units: unitsRead(rows, query, answer.ConsumedCapacity) };
      const { LastEvaluatedKey: next } = answer;
      return next === undefined ? page : { ...page, next: nativeMap(next) };
    },
  };
}

function sendWrite(
  dynamo: DynamoCall,
  write: SingleWrite,
  tableName: string,
  returns: 'old' | 'new' | undefined,
): Promise<PutItemOutput | UpdateItemOutput | DeleteItemOutput> {
  const input = writeInput(write, tableName, returns);
  switch (write.kind) {
    case 'put':
      return dynamo('PutItem', { ...input, Item: itemOf(write.row) });
    case 'update':
      return dynamo('UpdateItem', { ...input, Key: keyOf(write.key) });
    case 'delete':
      return dynamo('DeleteItem', { ...input, Key: keyOf(write.key) });
  }
}

/**
 * PutItem and DeleteItem can only return the previous row. The row after a put is known, and a delete leaves
 * none.
 */
function returnedRow(
  write: SingleWrite,
  returns: 'old' | 'new' | undefined,
  attributes: Record<string, AttributeValue> | undefined,
): Row | undefined {
  if (returns === 'new' && write.kind !== 'update') return write.kind === 'put' ? write.row : undefined;
  return attributes === undefined ? undefined : rowOfImage(attributes);
}

interface Refusal {
  readonly Item?: Record<string, AttributeValue>;
  readonly CancellationReasons?: readonly CancellationReason[];
}

/** A refusal does not include its units. It costs as much as writing the existing row. */
function refusal({ Item: image }: Refusal): WriteResult {
  if (image === undefined) return { kind: 'refused', units: writeUnits(0) };
  const row = rowOfImage(image);
  return { kind: 'refused', row, units: writeUnits(rowBytes(row)) };
}

function checkAnswer(answer: TransactResult): WriteResult {
  if (answer.kind === 'written') return answer;
  const [row] = answer.refused;
  const refused = { kind: 'refused', units: answer.units } as const;
  return row === undefined || row === 'missing' ? refused : { ...refused, row };
}

/** Returns the rows that failed their conditions; `undefined` if there was another reason too. */
function refusedRows(error: unknown): (Row | 'missing' | undefined)[] | undefined {
  if (codeOf(error) !== 'TransactionCanceledException') return undefined;
  const { CancellationReasons: reasons = [] } = error as Refusal;
  const isRefusal = reasons.every(({ Code }) => Code === 'None' || Code === 'ConditionalCheckFailed');
  if (!isRefusal || reasons.length === 0) return undefined;
  return reasons.map(({ Code, Item }) => {
    if (Code === 'None') return undefined;
    return Item === undefined || Object.keys(Item).length === 0 ? 'missing' : rowOfImage(Item);
  });
}

const TEMPORARY_REASONS = ['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded'];

function isConflict(error: unknown): boolean {
  if (codeOf(error) === 'TransactionConflictException') return true;
  if (codeOf(error) !== 'TransactionCanceledException') return false;
  return ((error as Refusal).CancellationReasons ?? []).some(({ Code }) =>
    TEMPORARY_REASONS.includes(Code ?? ''),
  );
}

interface Capacity {
  readonly CapacityUnits?: number | undefined;
}

function consumed(...capacities: (Capacity | undefined)[]): number | undefined {
  const units = capacities.flatMap((capacity) => capacity?.CapacityUnits ?? []);
  return units.length === 0 ? undefined : units.reduce((sum, some) => sum + some, 0);
}

/** Emulators count a read of any size as 4 KB. The size of the response gives a lower bound. */
function unitsRead(
  rows: readonly Row[],
  options: { strong?: boolean },
  capacity: Capacity | undefined,
): number {
  const bytes = rows.reduce((sum, row) => sum + rowBytes(row), 0);
  return Math.max(consumed(capacity) ?? 0, readUnits(bytes, options));
}

/** Returns the size of the written data, as far as it is known here. */
function knownBytes(write: Write, row?: Row | 'missing'): number {
  const before = row === undefined || row === 'missing' ? 0 : rowBytes(row);
  if (write.kind === 'put') return Math.max(before, rowBytes(write.row));
  if (write.kind !== 'update') return before;
  const { set, setOnce, add, append } = write.change;
  return Math.max(before, rowBytes({ ...write.key, ...set, ...setOnce, ...add, ...append }));
}

function transactionUnits(
  writes: readonly Write[],
  refused: readonly (Row | 'missing' | undefined)[] = [],
): number {
  return writes.reduce(
    (sum, write, i) => sum + writeUnits(knownBytes(write, refused[i]), { transaction: true }),
    0,
  );
}
