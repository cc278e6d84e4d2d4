import { randomUUID } from 'node:crypto';
import {
  CreateTableCommand,
  type DynamoDBClient,
  type KeySchemaElement,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';

/** Creates an empty table with the keys and indexes of the stack; returns its name. */
export async function createTable(dynamo: DynamoDBClient): Promise<string> {
  const TableName = `table-${randomUUID()}`;
  const string = (AttributeName: string) => ({ AttributeName, AttributeType: 'S' }) as const;
  await dynamo.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: ['pk', 'sk', 'listPk', 'listSk', 'duePk', 'dueSk'].map(string),
      KeySchema: keys('pk', 'sk'),
      GlobalSecondaryIndexes: [
        {
          IndexName: 'by-partition',
          KeySchema: keys('listPk', 'listSk'),
          Projection: { ProjectionType: 'ALL' },
        },
        {
          IndexName: 'due',
          KeySchema: keys('duePk', 'dueSk'),
          Projection: { ProjectionType: 'KEYS_ONLY' },
        },
      ],
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
    }),
  );
  const ttl = { AttributeName: 'ttl', Enabled: true };
  await dynamo.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification: ttl }));
  return TableName;
}

function keys(hash: string, range: string): KeySchemaElement[] {
  return [
    { AttributeName: hash, KeyType: 'HASH' },
    { AttributeName: range, KeyType: 'RANGE' },
  ];
}
