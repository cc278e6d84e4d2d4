/**
 * Calls the operations of the API with the ports of one instance. Skips authentication: faults do not affect
 * it.
 */
import type { ItemView } from '#contract/item-view.ts';
import type { Route } from '#contract/route.ts';
import { type Operation, ROUTES } from '#contract/routes.ts';
import { JobServiceError } from '#core/errors.ts';
import type { JobKey } from '#core/job.ts';
import type { Monitor } from '#core/monitor.ts';
import { omitUndefined } from '#core/omit-undefined.ts';
import type { QueueDesk } from '#core/queue-desk.ts';
import { STEP_RESULTS_SPLITTER } from '#core/template/template.ts';
import { orUnreachable } from '../../functions/creation/reachable.ts';
import type { Registry } from '../../functions/creation/registry.ts';
import { Cursors } from '../../functions/jobs-api/lists/cursor.ts';
import { OPERATIONS } from '../../functions/jobs-api/operations.ts';
import { Recent } from '../../functions/jobs-api/recent.ts';
import type { ApiPorts, ApiRequest, OperationHandler } from '../../functions/jobs-api/request.ts';
import type { World } from '../support/memory/world.ts';
import type { ApiCall } from './chronicle.ts';
import { rulesOf } from './commands/catalogue.ts';
import type { ApiResponse, Call } from './commands/command.ts';
import type { InstancePorts } from './ports.ts';
import type { Scenario } from './scenario.ts';
import { specsOf } from './user-actions.ts';

/** Returns the deployed components, including the templates of the schedule. */
export function registryOf({ actions }: Scenario): Registry {
  return {
    splitters: ['tree', 'shifting', 'range', 'items', STEP_RESULTS_SPLITTER].map((name) => ({
      name,
      description: '',
      definition: {},
    })),
    // The registry still lists `nowhere`, which is no longer deployed: its chunks are unroutable.
    workers: ['first', 'second', 'nowhere'].map((name) => ({ name, description: '', parameters: {} })),
    jobTypes: [],
    templates: specsOf(actions).flatMap(({ flow }) => (flow === undefined ? [] : [flow.template])),
    secrets: {},
    functions: {},
  };
}

type CallPorts = InstancePorts & Pick<ApiPorts, 'random' | 'registry' | 'idleLimit'>;

type Violated = (invariant: string, detail: string) => void;

/** Throws if the API responds that the store is unreachable, because the result is then unknown. */
export async function callApi(
  ports: CallPorts,
  { name, action, version }: ApiCall,
  violated: Violated,
): Promise<ApiResponse> {
  const call = rulesOf(action.command).call(action.command, action.key);
  const headers = version === undefined ? {} : { 'If-Match': `"${version}.0"` };
  const sender = { partition: action.key.partition, caller: name, headers: { ...headers, ...call.headers } };
  const request = requestOf(call, sender);
  const operation = OPERATIONS[call.operation] as OperationHandler<Operation>;
  try {
    const { status, body } = await operation(request, apiPorts(ports));
    checkShape(call.operation, status, body, violated);
    return { status, body };
  } catch (error) {
    if (!(error instanceof JobServiceError))
      violated('the API never returns a 500', `${name}: ${String(error)}`);
    else if (error.status !== 503) return { status: error.status, code: error.code };
    throw error;
  }
}

/** Returns the items of a job as `GET …/items` lists them. */
export async function shownItems(
  world: InstancePorts & Pick<World, 'random'>,
  scenario: Scenario,
  key: JobKey,
): Promise<ItemView[]> {
  const ports = apiPorts({ ...world, registry: registryOf(scenario), idleLimit: scenario.idleLimit });
  const list = OPERATIONS.listItems as OperationHandler<Operation>;
  const items: ItemView[] = [];
  for (let cursor: string | undefined = ''; cursor !== undefined; ) {
    const call: Call = { operation: 'listItems', job: key.job, query: cursor === '' ? {} : { cursor } };
    const sender = { partition: key.partition, caller: 'reader', headers: {} };
    const { body, headers } = await list(requestOf(call, sender), ports);
    items.push(...(body as ItemView[]));
    cursor = /cursor=([^&>]+)/.exec(headers?.['Link'] ?? '')?.[1];
  }
  return items;
}

/** Checks the response body against the schema in the OpenAPI document. */
function checkShape(operation: Operation, status: number, body: unknown, violated: Violated): void {
  const route: Route = routeOf(operation);
  const parseResult = status === route.success ? route.response?.safeParse(body) : undefined;
  if (parseResult?.success === false)
    violated('a response matches its schema', `${operation}: ${parseResult.error.message}`);
}

interface Sender {
  readonly partition: string;
  readonly caller: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Builds the request as `jobs-api/api.ts` does from an event. */
function requestOf({ operation, job, query = {}, body }: Call, sender: Sender): ApiRequest {
  const route = routeOf(operation);
  const request = {
    operation,
    parameters: { p: sender.partition, ...omitUndefined({ j: job }) },
    query: 'query' in route ? route.query.parse(query) : {},
    sentBody: body,
    body: 'body' in route ? route.body.parse(body) : undefined,
    caller: { sub: sender.caller, partitions: [sender.partition], role: 'operator', exp: 0 },
    header: (name: string) => sender.headers[name],
    sentQuery: Object.entries(query),
    reference: (path: string) => path,
  };
  return request as unknown as ApiRequest;
}

function routeOf(operation: Operation) {
  const route = ROUTES.find((candidate) => candidate.operation === operation);
  if (route === undefined) throw new Error(`no route for ${operation}`);
  return route;
}

/** Users of the simulator do not look at queues. */
const NO_DESK: QueueDesk = {
  depths: async () => [],
  receive: async () => [],
  release: async () => undefined,
  delete: async () => undefined,
};

const NO_MONITOR: Monitor = { alarms: async () => [], oldestMessages: async () => new Map() };

function apiPorts(ports: CallPorts): ApiPorts {
  const table = orUnreachable(ports.table, 'table of jobs');
  return {
    ...ports,
    table,
    objects: orUnreachable(ports.objects, 'store of objects'),
    presigner: { put: async (key) => key, get: async (key) => key },
    queueDesk: NO_DESK,
    monitor: NO_MONITOR,
    recentDepths: new Recent(() => NO_DESK.depths(), ports.clock, 0),
    recentAges: new Recent(() => NO_MONITOR.oldestMessages(), ports.clock, 0),
    recentAlarms: new Recent(() => NO_MONITOR.alarms(), ports.clock, 0),
    cursors: new Cursors(table),
    // The splitters themselves enforce the item limit of the schedule.
    maxItems: 1_000_000,
    flowQueues: { split: 'split', results: 'results' },
    version: 'simulated',
    maxUploadBytes: 0,
  };
}
