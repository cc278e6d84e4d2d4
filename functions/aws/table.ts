import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  TransactionCanceledException,
  TransactionConflictException,
} from '@aws-sdk/client-dynamodb';
import {
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import type { Page, Row, Table, TransactResult, Write, WriteResult } from '#core/ports.ts';
import { readUnits, rowBytes, writeUnits } from '#core/units.ts';
import { parseNumber, rowOfImage, withBigintSets } from './attributes.ts';
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
export function dynamoTable(client: DynamoDBClient, tableName: string): Table {
  const documents = DynamoDBDocumentClient.from(client, {
    marshallOptions: { removeUndefinedValues: true },
    unmarshallOptions: { wrapNumbers: parseNumber },
  });

  async function transact(writes: readonly Write[]): Promise<TransactResult> {
    const command = () => documents.send(new TransactWriteCommand(transactInput(writes, tableName)));
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
      const answer = await documents.send(
        new GetCommand({ ...getInput(options, tableName), Key: keyOf(key) }),
      );
      const row = answer.Item === undefined ? undefined : { ...rowOf(answer.Item), ...keyOf(key) };
      const units = unitsRead(row === undefined ? [] : [row], options, answer.ConsumedCapacity);
      return row === undefined ? { units } : { row, units };
    },

    async write(write, returns) {
      if (write.kind === 'check') return checkAnswer(await transact([write]));
      try {
        const answer = await retryWhen(isConflict, () => sendWrite(documents, write, tableName, returns));
        const row = returnedRow(write, returns, answer.Attributes);
        const units = consumed(answer.ConsumedCapacity) ?? writeUnits(knownBytes(write, row));
        return row === undefined ? { kind: 'written', units } : { kind: 'written', row, units };
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return refusal(error);
        throw error;
      }
    },

    async query(query) {
      const answer = await documents.send(new QueryCommand(queryInput(query, tableName)));
      const rows = (answer.Items ?? []).map(rowOf);
      const page: Page = { rows, units: unitsRead(rows, query, answer.ConsumedCapacity) };
      return answer.LastEvaluatedKey === undefined ? page : { ...page, next: answer.LastEvaluatedKey };
    },
  };
}

function sendWrite(
  documents: DynamoDBDocumentClient,
  write: SingleWrite,
  tableName: string,
  returns: 'old' | 'new' | undefined,
) {
  const input = writeInput(write, tableName, returns);
  switch (write.kind) {
    case 'put':
      return documents.send(new PutCommand({ ...input, Item: write.row }));
    case 'update':
      return documents.send(new UpdateCommand({ ...input, Key: keyOf(write.key) }));
    case 'delete':
      return documents.send(new DeleteCommand({ ...input, Key: keyOf(write.key) }));
  }
}

function rowOf(item: Record<string, unknown>): Row {
  return withBigintSets(item) as Row;
}

/**
 * PutItem and DeleteItem can only return the previous row. The row after a put is known, and a delete leaves
 * none.
 */
function returnedRow(
  write: SingleWrite,
  returns: 'old' | 'new' | undefined,
  attributes: Record<string, unknown> | undefined,
): Row | undefined {
  if (returns === 'new' && write.kind !== 'update') return write.kind === 'put' ? write.row : undefined;
  return attributes === undefined ? undefined : rowOf(attributes);
}

/** A refusal does not include its units. It costs as much as writing the existing row. */
function refusal({ Item: image }: ConditionalCheckFailedException): WriteResult {
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
  if (!(error instanceof TransactionCanceledException)) return undefined;
  const reasons = error.CancellationReasons ?? [];
  const isRefusal = reasons.every(({ Code }) => Code === 'None' || Code === 'ConditionalCheckFailed');
  if (!isRefusal || reasons.length === 0) return undefined;
  return reasons.map(({ Code, Item }) => {
    if (Code === 'None') return undefined;
    return Item === undefined || Object.keys(Item).length === 0 ? 'missing' : rowOfImage(Item);
  });
}

const TEMPORARY_REASONS = ['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded'];

function isConflict(error: unknown): boolean {
  if (error instanceof TransactionConflictException) return true;
  if (!(error instanceof TransactionCanceledException)) return false;
  return (error.CancellationReasons ?? []).some(({ Code }) => TEMPORARY_REASONS.includes(Code ?? ''));
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
