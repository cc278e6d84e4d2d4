/** The request, response and ports of an operation, independent of API Gateway. */
import type {
  BodyOf,
  CallerOf,
  Operation,
  ParametersOf,
  QueryOf,
  RequestHeaderOf,
  ResponseOf,
} from '#contract/routes.ts';
import type { AlarmState, Monitor } from '#core/monitor.ts';
import type { ObjectKey } from '#core/object-address.ts';
import type { Queues } from '#core/ports.ts';
import type { QueueDepth, QueueDesk } from '#core/queue-desk.ts';
import type { FlowQueues } from '#core/template/states.ts';
import type { CreationPorts } from '../creation/ports.ts';
import type { Cursors } from './lists/cursor.ts';
import type { Recent } from './recent.ts';

export interface ApiRequest<O extends Operation = Operation> {
  readonly operation: O;
  readonly parameters: ParametersOf<O>;
  readonly query: QueryOf<O>;
  /** The body as parsed by its schema, with defaults. */
  readonly body: BodyOf<O>;
  /** The body as it was sent. */
  readonly sentBody: unknown;
  readonly caller: CallerOf<O>;
  /** Returns a header that the route declares. Several headers of one name are joined by a comma. */
  readonly header: (name: RequestHeaderOf<O>) => string | undefined;
  /** The query as it was sent, to build the link to the next page. */
  readonly sentQuery: readonly (readonly [string, string])[];
  /** Returns a relative reference to another path of the API. It works with any gateway and base path. */
  reference(path: string): string;
}

export interface ApiResponse<B = unknown> {
  readonly status: number;
  /** Sent as JSON. If absent, the response has no body. */
  readonly body?: B;
  /** Sent unchanged, instead of `body`. */
  readonly text?: string;
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Creates signed URLs of the stack's bucket, valid for `PRESIGNED_SECONDS`. */
export interface Presigner {
  /** Returns the URL of an upload of this type and exactly this size. */
  put(key: ObjectKey, upload: { readonly contentType: string; readonly sizeBytes: number }): Promise<string>;
  /** Returns the URL of a download with this file name. */
  get(key: ObjectKey, filename: string): Promise<string>;
}

export const PRESIGNED_SECONDS = 15 * 60;

/** Ports and settings that a deployment gives to the API. */
export interface DeployedPorts extends CreationPorts {
  readonly presigner: Presigner;
  /** Queues to which an operator can send unroutable messages again. */
  readonly queues: Queues;
  readonly queueDesk: QueueDesk;
  readonly monitor: Monitor;
  /** Maximum size of one upload. */
  readonly maxUploadBytes: number;
  /** URLs of the queues that the definitions of state machines contain. */
  readonly flowQueues: FlowQueues;
  /** Version of the deployed service. */
  readonly version: string;
}

/** Ports and settings that operations depend on. */
export interface ApiPorts extends DeployedPorts {
  readonly cursors: Cursors;
  /** SQS counts messages late, and a deployment has two requests for each queue. */
  readonly recentDepths: Recent<readonly QueueDepth[]>;
  readonly recentAges: Recent<ReadonlyMap<QueueDepth['queue'], number>>;
  readonly recentAlarms: Recent<readonly AlarmState[]>;
}

export type OperationHandler<O extends Operation> = (
  request: ApiRequest<O>,
  ports: ApiPorts,
) => Promise<ApiResponse<ResponseOf<O>>>;
