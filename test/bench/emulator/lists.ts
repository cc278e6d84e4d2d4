/**
 * Measures the first page of a list in partitions with few and many jobs. For comparison, measures the query
 * that finds them. The console shows the longer list.
 */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { BatchWriteCommand, DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { rowOfJob } from '../../../functions/store/job-rows.ts';
import { listKeys } from '../../../functions/store/keys.ts';
import { median, type Row } from '../row.ts';
import { measureConsole } from './console.ts';
import { call, type Service, seconds } from './service.ts';

const MANY = 10_000;
const SIZES = [100, MANY];
const PAGE = 25;
const ROUNDS = 15;

/** Recent, so that the sweeper does not delete them. */
const CREATED = Date.now();

function aJob(partition: string, number: number) {
  return rowOfJob({
    partition,
    job: `job-${number}`,
    runNumber: 1,
    version: 3,
    status: 'Completed',
    createTime: CREATED + number,
    lastUpdateTime: CREATED + number,
    startTime: CREATED + number,
    endTime: CREATED + number,
    labels: { owner: 'bench' },
    priority: 4,
    createdBy: 'bench',
    requestHash: 'bench',
    totals: { items: 10, failed: 0, skipped: 0 },
    plan: {
      splitter: 'range',
      worker: 'rehearse',
      pipeline: [],
      itemsPerTask: 25,
      onItemFailure: 'continue',
      maxAttempts: 3,
      outcomes: 'all',
    },
  });
}

/** Writes rows directly, because the API would take minutes for this number. */
async function fill(documents: DynamoDBDocumentClient, table: string, partition: string, jobs: number) {
  for (let from = 0; from < jobs; from += PAGE) {
    const size = Math.min(PAGE, jobs - from);
    const puts = Array.from({ length: size }, (_, i) => ({
      PutRequest: { Item: aJob(partition, from + i) },
    }));
    await documents.send(new BatchWriteCommand({ RequestItems: { [table]: puts } }));
  }
}

/** Interleaved medians. The first measurement of each kind is discarded. */
export async function measureLists(service: Service, dynamo: DynamoDBClient, table: string): Promise<Row[]> {
  const documents = DynamoDBDocumentClient.from(dynamo);
  const rows: Row[] = [];
  for (const jobs of SIZES) {
    const partition = `bench-${jobs}`;
    await fill(documents, table, partition, jobs);
    const { listPk } = listKeys({ partition, job: '', createTime: 0 });
    const lists: number[] = [];
    const queries: number[] = [];
    for (let round = -1; round < ROUNDS; round += 1) {
      const list = await seconds(async () => {
        const response = await call(service, 'GET', `/partitions/${partition}/jobs?limit=${PAGE}`);
        if (((await response.json()) as unknown[]).length !== PAGE) throw new Error('the page is not full');
      });
      const query = await seconds(() =>
        documents.send(
          new QueryCommand({
            TableName: table,
            IndexName: 'by-partition',
            KeyConditionExpression: 'listPk = :pk',
            ExpressionAttributeValues: { ':pk': listPk },
            ScanIndexForward: false,
            Limit: PAGE,
          }),
        ),
      );
      if (round < 0) continue;
      lists.push(list * 1_000);
      queries.push(query * 1_000);
    }
    const [list, query] = [median(lists), median(queries)];
    rows.push({
      id: '–',
      what: `GET a page of ${PAGE} of ${jobs.toLocaleString('en')} jobs, on the emulator`,
      measured: `${list.toFixed(0)} ms`,
      reference: `the query behind it: ${query.toFixed(0)} ms`,
      goal: '–',
      isMet: true,
    });
  }
  const partition = `bench-${MANY}`;
  rows.push(...(await measureConsole(service, { partition, jobs: MANY, newest: `job-${MANY - 1}` })));
  return rows;
}
