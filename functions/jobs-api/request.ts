/** What the logic of an operation gets and answers; nothing of API Gateway is left in it. */
import type {
  BodyOf,
  CallerOf,
  Operation,
  ParametersOf,
  QueryOf,
  RequestHeaderOf,
  ResponseOf,
} from '#contract/routes.ts';
import type { ObjectKey } from '#core/object-address.ts';
import type { Clock, Log, Objects, Random, StateMachines, Table } from '#core/ports.ts';
import type { FlowQueues } from '#core/template/states.ts';
import type { Registry } from '../creation/registry.ts';
import type { Cursors } from './lists/cursor.ts';

export interface ApiRequest<O extends Operation = Operation> {
  readonly operation: O;
  readonly parameters: ParametersOf<O>;
  readonly query: QueryOf<O>;
  /** The body as its schema understood it, with defaults. */
  readonly body: BodyOf<O>;
  /** The body as it was sent. */
  readonly sentBody: unknown;
  readonly caller: CallerOf<O>;
  /** One that the row declares; several of one name are joined by a comma. */
  readonly header: (name: RequestHeaderOf<O>) => string | undefined;
  /** The query as it was sent, to make the link of the next page. */
  readonly sentQuery: readonly (readonly [string, string])[];
  /** A reference to another path of the API, relative to this request: right behind any gateway and base path. */
  reference(path: string): string;
}

export interface ApiResponse<B = unknown> {
  readonly status: number;
  /** Sent as JSON; absent: no body. */
  readonly body?: B;
  /** Sent as it is, instead of `body`. */
  readonly text?: string;
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Signed addresses of the stack's bucket, good for `PRESIGNED_SECONDS`. */
export interface Presigner {
  /** For an upload of this type and exactly this size. */
  put(key: ObjectKey, upload: { readonly contentType: string; readonly sizeBytes: number }): Promise<string>;
  /** For a download under this name. */
  get(key: ObjectKey, filename: string): Promise<string>;
}

export const PRESIGNED_SECONDS = 15 * 60;

export interface ApiPorts {
  readonly table: Table;
  readonly objects: Objects;
  readonly presigner: Presigner;
  readonly machines: StateMachines;
  /** Of one upload. */
  readonly maxUploadBytes: number;
  /** Addresses of the queues, for the definitions of state machines. */
  readonly flowQueues: FlowQueues;
  /** Items that a job may have. */
  readonly maxItems: number;
  /** How long a job may be Active without progress: an ISO 8601 duration, or `none`. */
  readonly idleLimit: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** What an operation works with. */
export interface ApiTools extends ApiPorts {
  readonly cursors: Cursors;
  readonly registry: Registry;
  /** Of the deployed service. */
  readonly version: string;
}

export type OperationHandler<O extends Operation> = (
  request: ApiRequest<O>,
  tools: ApiTools,
) => Promise<ApiResponse<ResponseOf<O>>>;
