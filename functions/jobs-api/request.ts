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
import type { FlowQueues } from '#core/template/states.ts';
import type { CreationPorts } from '../creation/ports.ts';
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

/** Ports and settings that a deployment gives to the API. */
export interface DeployedPorts extends CreationPorts {
  readonly presigner: Presigner;
  /** Of one upload. */
  readonly maxUploadBytes: number;
  /** Addresses of the queues, for the definitions of state machines. */
  readonly flowQueues: FlowQueues;
  /** Version of the deployed service. */
  readonly version: string;
}

/** What an operation works with. */
export interface ApiPorts extends DeployedPorts {
  readonly cursors: Cursors;
}

export type OperationHandler<O extends Operation> = (
  request: ApiRequest<O>,
  ports: ApiPorts,
) => Promise<ApiResponse<ResponseOf<O>>>;
