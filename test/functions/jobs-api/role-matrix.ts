/** Every route × every caller × every owner, each cell with what it must be answered with. */
import { ALL_ROUTES } from '#contract/caf-routes.ts';
import { operationId, type Route } from '#contract/route.ts';
import { omitUndefined } from '#core/omit-undefined.ts';
import { type Answer, type ApiWorld, apiWorld, BODY, REGISTRY } from './api-world.ts';
import { token } from './tokens.ts';

type Reach = 'open' | 'viewer' | 'operator' | 'admin' | 'admin of all';

/** The least that a token must be. Written by hand: the route table is what is tested. */
const NEEDED: Readonly<Record<Reach, readonly string[]>> = {
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
    ...['listSplitters', 'listWorkers', 'listQueues'],
    ...['listJobTypes', 'getJobType', 'listJobTypeVersions'],
    ...['listPartitionJobTypes', 'getPartitionJobType', 'listPartitionJobTypeVersions'],
    ...['listTemplates', 'getTemplate', 'listTemplateVersions'],
    ...['listPartitionTemplates', 'getPartitionTemplate', 'listPartitionTemplateVersions'],
    ...['cafGetJob', 'cafListJobs', 'cafGetJobStatus', 'cafIsJobActive', 'cafCountJobs', 'cafGetHealth'],
  ],
  operator: [
    ...['putJob', 'createJob', 'editJob', 'deleteJob', 'cancelJob', 'pauseJob', 'resumeJob', 'retryJob'],
    ...['resubmitJob', 'cancelJobs', 'deleteJobs', 'pauseJobs', 'resumeJobs', 'retryJobs', 'createUpload'],
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
  readonly isOfAll: boolean;
}

const CALLERS: readonly Caller[] = [
  { name: 'no token', role: undefined, isOfAll: false },
  ...ROLES.map((role) => ({ name: role, role, isOfAll: false })),
  ...ROLES.map((role) => ({ name: `* ${role}`, role, isOfAll: true })),
];

interface Cell {
  readonly route: Route;
  readonly caller: Caller;
  /** Absent: the route is of no partition. */
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
  const reach = reachOf(operationId(route));
  if (reach === 'open') return 'admitted';
  if (caller.role === undefined) return 'unauthorized';
  if (partition === FOREIGN && !caller.isOfAll) return 'hidden';
  if (reach === 'admin of all') return caller.role === 'admin' && caller.isOfAll ? 'admitted' : 'forbidden';
  return ROLES.indexOf(caller.role) >= ROLES.indexOf(reach) ? 'admitted' : 'forbidden';
}

export function reachOf(operation: string): Reach {
  const found = Object.entries(NEEDED).find(([, operations]) => operations.includes(operation));
  if (found === undefined) {
    throw new Error(
      `the role matrix has no expectation for '${operation}'; add it to NEEDED in role-matrix.ts`,
    );
  }
  return found[0] as Reach;
}

/** Absent where the answer holds no configuration of anyone: then nothing can be shown or hidden. */
function expectedConfiguration({ route, caller, partition }: Cell): 'shown' | 'hidden' | undefined {
  if (!CONFIGURED.includes(route.operation)) return undefined;
  const owns = caller.isOfAll || partition === OWN;
  return caller.role === 'admin' && owns ? 'shown' : 'hidden';
}

const CONFIGURED = [
  ...['getJobType', 'listJobTypeVersions', 'putJobType'],
  ...['getPartitionJobType', 'listPartitionJobTypeVersions', 'putPartitionJobType'],
];

/** A text that appears only in documents of this owner. */
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

/** Both partitions and all partitions together have a job type `t` and a template `t`; each partition has a job `j1`. */
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
  }
  return world;
}

export function tokenOf({ role, isOfAll }: Caller): string | null {
  return role === undefined ? null : token({ role, partitions: isOfAll ? ['*'] : [OWN] });
}

function callCell(world: ApiWorld, cell: Cell, sent: string | null = tokenOf(cell.caller)): Promise<Answer> {
  const { route, partition = '' } = cell;
  const ids: Readonly<Record<string, string>> = { p: partition, j: 'j1', name: 't', b: 'b1' };
  const path = route.path.replace(/\{(\w+)\}/g, (_, name) => ids[name] ?? '');
  const body = bodyOf(cell);
  return world.call(route.method, path, { token: sent, ...omitUndefined({ body }) });
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

/** Every difference between what the cells are answered and what they must be. */
export async function mismatches(
  make: () => Promise<ApiWorld>,
  { cells = CELLS, sentBy = tokenOf }: { cells?: readonly Cell[]; sentBy?: typeof tokenOf } = {},
): Promise<string[]> {
  const found: string[] = [];
  let world = await make();
  for (const cell of cells) {
    const before = snapshot(world);
    const answer = await callCell(world, cell, sentBy(cell.caller));
    const wrong = [...faultsOf(cell, answer), ...changeFaults(cell, answer, before === snapshot(world))];
    found.push(...wrong.map((fault) => `${nameOf(cell)}: ${fault}`));
    if (before !== snapshot(world)) world = await make();
  }
  return found;
}

function snapshot({ table }: ApiWorld): string {
  return JSON.stringify([...table.rows()]);
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
      faults.push(`is told what belongs to ${other}`);
    }
  }
  return faults;
}

function changeFaults({ route }: Cell, answer: Answer, isUnchanged: boolean): string[] {
  const mayChange = verdictOf(answer) === 'admitted' && route.method !== 'GET';
  return isUnchanged || mayChange ? [] : ['changed what is stored'];
}
