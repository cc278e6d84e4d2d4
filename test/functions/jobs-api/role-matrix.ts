/** The role matrix: every route, called by every kind of caller for every owner, with the expected result. */
import { ALL_ROUTES } from '#contract/caf-routes.ts';
import { operationId, type Route } from '#contract/route.ts';
import { omitUndefined } from '#core/omit-undefined.ts';
import { type Answer, type ApiWorld, apiWorld, BODY, REGISTRY } from './api-world.ts';
import { token } from './tokens.ts';

type RequiredRole = 'open' | 'viewer' | 'operator' | 'admin' | 'admin of all';

/** Operations by the role that they require. Written by hand, because the matrix tests the route table. */
const OPERATIONS_BY_ROLE: Readonly<Record<RequiredRole, readonly string[]>> = {
  open: ['getHealth', 'getOpenApi'],
  viewer: [
    ...[
      'getJob',
      'listJobs',
      'getJobStatus',
      'isJobActive',
      'countJobs',
      'getJobStats',
      'getActivity',
      'getBulkOperation',
    ],
    ...[
      'listItems',
      'getItem',
      'listFailures',
      'listHistory',
      'listTasks',
      'getResult',
      'getRequest',
      'getCost',
    ],
    ...['listSplitters', 'listWorkers', 'listUploads', 'listQueues', 'listAlarms'],
    ...['listJobTypes', 'getJobType', 'listJobTypeVersions'],
    ...['listPartitionJobTypes', 'getPartitionJobType', 'listPartitionJobTypeVersions'],
    ...['listTemplates', 'getTemplate', 'listTemplateVersions'],
    ...['listPartitionTemplates', 'getPartitionTemplate', 'listPartitionTemplateVersions'],
    ...['cafGetJob', 'cafListJobs', 'cafGetJobStatus', 'cafIsJobActive', 'cafCountJobs', 'cafGetHealth'],
  ],
  operator: [
    ...['putJob', 'createJob', 'editJob', 'deleteJob', 'cancelJob', 'pauseJob', 'resumeJob', 'retryJob'],
    ...[
      'resubmitJob',
      'cancelJobs',
      'deleteJobs',
      'pauseJobs',
      'resumeJobs',
      'retryJobs',
      'createUpload',
      'deleteUpload',
    ],
    ...['cafPutJob', 'cafDeleteJob', 'cafCancelJob', 'cafPauseJob', 'cafResumeJob'],
    ...['cafCancelJobs', 'cafDeleteJobs'],
  ],
  admin: [
    ...['getPartition', 'putPartition'],
    ...['putPartitionJobType', 'deletePartitionJobType', 'putPartitionTemplate', 'deletePartitionTemplate'],
  ],
  'admin of all': [
    ...['putJobType', 'deleteJobType', 'putTemplate', 'deleteTemplate'],
    ...['listUnroutableMessages', 'redriveUnroutableMessages', 'deleteUnroutableMessages'],
  ],
};

const ROLES = ['viewer', 'operator', 'admin'] as const;
const OWN = 'p1';
const FOREIGN = 'p2';

interface Caller {
  readonly name: string;
  readonly role: (typeof ROLES)[number] | undefined;
  readonly hasAllPartitions: boolean;
}

const CALLERS: readonly Caller[] = [
  { name: 'no token', role: undefined, hasAllPartitions: false },
  ...ROLES.map((role) => ({ name: role, role, hasAllPartitions: false })),
  ...ROLES.map((role) => ({ name: `* ${role}`, role, hasAllPartitions: true })),
];

interface Cell {
  readonly route: Route;
  readonly caller: Caller;
  /** Absent if the path of the route has no partition. */
  readonly partition: string | undefined;
}

export const CELLS: readonly Cell[] = ALL_ROUTES.flatMap((route) => {
  const partitions = route.path.includes('{p}') ? [OWN, FOREIGN] : [undefined];
  return partitions.flatMap((partition) => CALLERS.map((caller) => ({ route, caller, partition })));
});

/** Cells of the routes of job types and templates. */
export const DOCUMENT_CELLS = CELLS.filter(({ route }) => /\/(job-types|templates)\b/.test(route.path));

function nameOf({ route, caller, partition }: Cell): string {
  return `${operationId(route)} by ${caller.name} in ${partition ?? 'no partition'}`;
}

type Verdict = 'admitted' | 'unauthorized' | 'forbidden' | 'hidden' | 'not decided';

function expectedVerdict({ route, caller, partition }: Cell): Verdict {
  const requiredRole = requiredRoleOf(operationId(route));
  if (requiredRole === 'open') return 'admitted';
  if (caller.role === undefined) return 'unauthorized';
  if (partition === FOREIGN && !caller.hasAllPartitions) return 'hidden';
  if (requiredRole === 'admin of all')
    return caller.role === 'admin' && caller.hasAllPartitions ? 'admitted' : 'forbidden';
  return ROLES.indexOf(caller.role) >= ROLES.indexOf(requiredRole) ? 'admitted' : 'forbidden';
}

export function requiredRoleOf(operation: string): RequiredRole {
  const found = Object.entries(OPERATIONS_BY_ROLE).find(([, operations]) => operations.includes(operation));
  if (found === undefined) {
    throw new Error(
      `the role matrix has no expectation for '${operation}'; add it to OPERATIONS_BY_ROLE in role-matrix.ts`,
    );
  }
  return found[0] as RequiredRole;
}

/** Returns `undefined` if responses of the route never contain a configuration. */
function expectedConfiguration({ route, caller, partition }: Cell): 'shown' | 'hidden' | undefined {
  if (!OPERATIONS_WITH_CONFIGURATION.includes(route.operation)) return undefined;
  const owns = caller.hasAllPartitions || partition === OWN;
  return caller.role === 'admin' && owns ? 'shown' : 'hidden';
}

const OPERATIONS_WITH_CONFIGURATION = [
  ...['getJobType', 'listJobTypeVersions', 'putJobType'],
  ...['getPartitionJobType', 'listPartitionJobTypeVersions', 'putPartitionJobType'],
];

/** Text that appears only in documents of this owner. */
const markOf = (owner: string) => `description-of-${owner}`;
const secretOf = (owner: string) => `configuration-of-${owner}`;
const GLOBAL = 'global';

const ADMIN_OF_ALL = token({ partitions: ['*'], role: 'admin' });
const STEPS = [{ name: 'a', worker: 'rehearse' }];
const MAPPING = '{"template": "t", "items": [{"id": "1"}]}';

const jobTypeOf = (owner: string) => ({
  description: markOf(owner),
  configuration: { key: secretOf(owner) },
  mapping: MAPPING,
});
const templateOf = (owner: string) => ({ description: markOf(owner), steps: STEPS });

/** Creates a world with a job type `t` and a template `t` of each owner: global and both partitions. Each partition has a job `j1`. */
export async function populatedWorld(more: Parameters<typeof apiWorld>[0] = {}): Promise<ApiWorld> {
  const world = apiWorld({ registry: REGISTRY, ...more });
  const put = async (path: string, body: unknown) => {
    const { status, text } = await world.call('PUT', path, { body, token: ADMIN_OF_ALL });
    if (status >= 300) throw new Error(`${path}: ${status} ${text}`);
  };
  for (const [owner, base] of [
    [GLOBAL, ''],
    [OWN, `/partitions/${OWN}`],
    [FOREIGN, `/partitions/${FOREIGN}`],
  ] as const) {
    await put(`${base}/job-types/t`, jobTypeOf(owner));
    await put(`${base}/templates/t`, templateOf(owner));
    if (base !== '') await put(`${base}/jobs/j1`, BODY);
    if (base !== '') await world.objects.put(`uploads/${owner}/u1`, 'a');
  }
  return world;
}

export function tokenOf({ role, hasAllPartitions }: Caller): string | null {
  return role === undefined ? null : token({ role, partitions: hasAllPartitions ? ['*'] : [OWN] });
}

function callCell(world: ApiWorld, cell: Cell, jwt: string | null = tokenOf(cell.caller)): Promise<Answer> {
  const { route, partition = '' } = cell;
  const ids: Readonly<Record<string, string>> = { p: partition, j: 'j1', name: 't', b: 'b1', u: 'u1' };
  const path = route.path.replace(/\{(\w+)\}/g, (_, name) => ids[name] ?? '');
  const body = bodyOf(cell);
  return world.call(route.method, path, { token: jwt, ...omitUndefined({ body }) });
}

function bodyOf({ route, partition = GLOBAL }: Cell): unknown {
  if (route.method !== 'PUT') return undefined;
  if (route.path.includes('/job-types/')) return jobTypeOf(partition);
  if (route.path.includes('/templates/')) return templateOf(partition);
  return route.path.endsWith('{p}') ? {} : BODY;
}

function verdictOf({ status, body }: Answer): Verdict {
  if (status === 401) return 'unauthorized';
  if (status === 403) return 'forbidden';
  if (status === 429 || status >= 500) return 'not decided';
  // The bulk operation does not exist, so this response means that the caller was authorized.
  if (status === 404 && !String(body?.detail).includes('bulk operation')) return 'hidden';
  return 'admitted';
}

/** Calls each cell. Returns every difference between the response and the expected result. */
export async function mismatches(
  make: () => Promise<ApiWorld>,
  { cells = CELLS, tokenFor = tokenOf }: { cells?: readonly Cell[]; tokenFor?: typeof tokenOf } = {},
): Promise<string[]> {
  const found: string[] = [];
  let world = await make();
  for (const cell of cells) {
    const before = snapshot(world);
    const answer = await callCell(world, cell, tokenFor(cell.caller));
    const faults = [...faultsOf(cell, answer), ...changeFaults(cell, answer, before === snapshot(world))];
    found.push(...faults.map((fault) => `${nameOf(cell)}: ${fault}`));
    if (before !== snapshot(world)) world = await make();
  }
  return found;
}

function snapshot({ table, objects }: ApiWorld): string {
  return JSON.stringify([...table.rows(), ...objects.keys()]);
}

function faultsOf(cell: Cell, answer: Answer): string[] {
  const [verdict, expected] = [verdictOf(answer), expectedVerdict(cell)];
  const faults = verdict === expected ? [] : [`is ${verdict} (${answer.status}), and must be ${expected}`];
  const configuration = expectedConfiguration(cell);
  const owner = cell.partition ?? GLOBAL;
  if (verdict === 'admitted' && configuration !== undefined) {
    const shown = answer.text.includes(secretOf(owner)) ? 'shown' : 'hidden';
    if (shown !== configuration) faults.push(`its configuration is ${shown}, and must be ${configuration}`);
  }
  for (const other of [OWN, FOREIGN, GLOBAL].filter((each) => each !== owner)) {
    if (answer.text.includes(markOf(other)) || answer.text.includes(secretOf(other))) {
      faults.push(`receives data of ${other}`);
    }
  }
  return faults;
}

function changeFaults({ route }: Cell, answer: Answer, isUnchanged: boolean): string[] {
  const mayChange = verdictOf(answer) === 'admitted' && route.method !== 'GET';
  return isUnchanged || mayChange ? [] : ['changed the stored data'];
}
