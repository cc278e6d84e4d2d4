import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, Billing, ProjectionType, StreamViewType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { STATUS_ATTRIBUTES } from '../functions/store/jobs.ts';

export interface JobTableProps {
  /** True if the table is deleted with its stack. */
  readonly disposable: boolean;
}

type TableAction = 'DeleteItem' | 'GetItem' | 'PutItem' | 'Query' | 'UpdateItem';

/** Attributes of a job that a worker may read. The others hold the request and data of other functions. */

/** All state of jobtree: jobs, their pages, fences and failures. */
export class JobTable extends Construct {
  readonly table: TableV2;

  constructor(scope: Construct, id: string, { disposable }: JobTableProps) {
    super(scope, id);
    this.table = new TableV2(this, 'Rows', {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      globalSecondaryIndexes: [
        {
          indexName: 'by-partition',
          partitionKey: { name: 'listPk', type: AttributeType.STRING },
          sortKey: { name: 'listSk', type: AttributeType.STRING },
          projectionType: ProjectionType.ALL,
        },
        {
          indexName: 'due',
          partitionKey: { name: 'duePk', type: AttributeType.STRING },
          sortKey: { name: 'dueSk', type: AttributeType.STRING },
          projectionType: ProjectionType.KEYS_ONLY,
        },
      ],
      billing: Billing.onDemand(),
      timeToLiveAttribute: 'ttl',
      dynamoStream: StreamViewType.NEW_AND_OLD_IMAGES,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: !disposable,
      removalPolicy: disposable ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
    });
  }

  /** Allows these actions on rows. `Query` includes the index of jobs by partition. */
  allow(...actions: TableAction[]): PolicyStatement {
    const { tableArn } = this.table;
    return new PolicyStatement({
      actions: actions.map((action) => `dynamodb:${action}`),
      resources: actions.includes('Query') ? [tableArn, `${tableArn}/index/by-partition`] : [tableArn],
    });
  }

  /** Allows querying the due jobs of all partitions. */
  allowQueryDue(): PolicyStatement {
    return new PolicyStatement({
      actions: ['dynamodb:Query'],
      resources: [`${this.table.tableArn}/index/due`],
    });
  }

  /** Allows reading the status of a job, limited to named attributes. */
  allowReadStatus(): PolicyStatement {
    return new PolicyStatement({
      actions: ['dynamodb:GetItem'],
      resources: [this.table.tableArn],
      conditions: {
        'ForAllValues:StringEquals': { 'dynamodb:Attributes': [...STATUS_ATTRIBUTES] },
        // Without a projection, DynamoDB would return the whole row although no attribute was named.
        StringEqualsIfExists: { 'dynamodb:Select': 'SPECIFIC_ATTRIBUTES' },
      },
    });
  }

  /** Allows reading the stream. AWS supports ListStreams only for all tables. */
  allowReadStream(): PolicyStatement[] {
    const { tableStreamArn = '' } = this.table;
    return [
      new PolicyStatement({
        actions: ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'],
        resources: [tableStreamArn],
      }),
      new PolicyStatement({ actions: ['dynamodb:ListStreams'], resources: ['*'] }),
    ];
  }
}
