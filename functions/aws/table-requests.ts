/** Builds the inputs of DynamoDB's commands from the types of `core/ports.ts`. */
import { randomUUID } from 'node:crypto';
import type { AttributeValue, TransactWriteItem, TransactWriteItemsInput } from '@aws-sdk/client-dynamodb';
import { omitUndefined } from '#core/omit-undefined.ts';
import type { Key, Query, Write } from '#core/ports.ts';
import { attributeOf, itemOf } from './attributes.ts';
import { Aliases, conditionExpression, projectionExpression, updateExpression } from './expressions.ts';

export type SingleWrite = Exclude<Write, { kind: 'check' }>;

const COUNTED = { ReturnConsumedCapacity: 'TOTAL' } as const;

/** The port uses the same index names as the table. */
const KEY_NAMES = {
  table: ['pk', 'sk'],
  'by-partition': ['listPk', 'listSk'],
  due: ['duePk', 'dueSk'],
} as const;

/** Returns the common input, without the key or row, whose name differs per command. */
export function writeInput(write: SingleWrite, tableName: string, returns?: 'old' | 'new') {
  const aliases = new Aliases();
  const update = write.kind === 'update' ? updateExpression(write.change, aliases) : undefined;
  const wanted = returns === 'new' && write.kind === 'update' ? 'ALL_NEW' : 'ALL_OLD';
  return {
    TableName: tableName,
    ReturnValues: returns === undefined ? ('NONE' as const) : (wanted as 'ALL_OLD' | 'ALL_NEW'),
    ...omitUndefined({ UpdateExpression: update }),
    ...conditionInput(write, aliases),
    ...aliasInput(aliases),
    ...COUNTED,
  };
}

export function transactInput(writes: readonly Write[], tableName: string): TransactWriteItemsInput {
  const TransactItems = writes.map((write) => transactItem(write, tableName));
  // A retry after a lost response does not write twice.
  return { TransactItems, ClientRequestToken: randomUUID(), ...COUNTED };
}

function transactItem(write: Write, tableName: string): TransactWriteItem {
  const aliases = new Aliases();
  const update = write.kind === 'update' ? updateExpression(write.change, aliases) : undefined;
  const common = {
    TableName: tableName,
    ...conditionInput(write, aliases),
    ...aliasInput(aliases),
  };
  switch (write.kind) {
    case 'put':
      return { Put: { ...common, Item: itemOf(write.row) } };
    case 'update':
      return { Update: { ...common, Key: keyOf(write.key), UpdateExpression: update } };
    case 'delete':
      return { Delete: { ...common, Key: keyOf(write.key) } };
    case 'check':
      return { ConditionCheck: { ConditionExpression: undefined, ...common, Key: keyOf(write.key) } };
  }
}

/** A row includes its key, but DynamoDB accepts no other attributes here. */
export function keyOf({ pk, sk }: Key): Record<string, AttributeValue> {
  return { pk: attributeOf(pk), sk: attributeOf(sk) };
}

function conditionInput(write: Write, aliases: Aliases) {
  const condition = conditionExpression(write.when, aliases);
  if (condition === undefined) return {};
  return { ConditionExpression: condition, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const };
}

export function getInput(options: { strong?: boolean; attributes?: readonly string[] }, tableName: string) {
  const { strong = false, attributes } = options;
  const aliases = new Aliases();
  return {
    TableName: tableName,
    ConsistentRead: strong,
    ...(attributes === undefined
      ? {}
      : { ProjectionExpression: projectionExpression(attributes, aliases), ...aliasInput(aliases) }),
    ...COUNTED,
  };
}

export function queryInput(query: Query, tableName: string) {
  const [pkName, skName] = KEY_NAMES[query.index ?? 'table'];
  const aliases = new Aliases();
  const conditions = [`${aliases.name(pkName)} = ${aliases.value(query.pk)}`];
  if (query.begins) conditions.push(`begins_with(${aliases.name(skName)}, ${aliases.value(query.begins)})`);
  if (query.upTo) conditions.push(`${aliases.name(skName)} <= ${aliases.value(query.upTo)}`);
  return {
    TableName: tableName,
    ...omitUndefined({ IndexName: query.index }),
    KeyConditionExpression: conditions.join(' AND '),
    ...aliasInput(aliases),
    ScanIndexForward: query.reverse !== true,
    ConsistentRead: query.strong ?? false,
    ...omitUndefined({ ExclusiveStartKey: query.after && itemOf(query.after), Limit: query.limit }),
    ...COUNTED,
  };
}

function aliasInput(aliases: Aliases) {
  const { ExpressionAttributeValues: values, ...names } = aliases.attributes();
  return values === undefined ? names : { ...names, ExpressionAttributeValues: itemOf(values) };
}
