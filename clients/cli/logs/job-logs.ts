/** Finds the log lines of a job in the log groups of a stack. */
import type { LogsApi } from './logs-api.ts';

export interface LogLine {
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly function: string;
  readonly level: string;
  readonly message: string;
}

export interface LogQuery {
  readonly stack: string;
  readonly partition: string;
  /** Only the function with this name. */
  readonly functionName: string | undefined;
  /** Texts that each line must contain. */
  readonly texts: readonly string[];
  readonly startTime: number;
}

interface LogEvent {
  readonly eventId?: string;
  readonly timestamp?: number;
  readonly message?: string;
}

/** Lines that Lambda itself writes around each invocation. */
const PLATFORM_LINE = /^(START|END|REPORT|INIT_START) /;

/** Returns the names of the log groups of the stack's functions. */
export async function logGroupsOf(logs: LogsApi, { stack, functionName }: LogQuery): Promise<string[]> {
  const names: string[] = [];
  let nextToken: unknown;
  do {
    const page = await logs('DescribeLogGroups', { limit: 50, ...(nextToken ? { nextToken } : {}) });
    const groups = (page['logGroups'] ?? []) as { readonly logGroupName?: string }[];
    names.push(...groups.flatMap(({ logGroupName }) => logGroupName ?? []));
    nextToken = page['nextToken'];
  } while (nextToken);
  const part = functionName === undefined ? '' : pascalCase(functionName);
  return names.filter((name) => isOfStack(name, stack) && name.includes(part));
}

/** AWS names groups `<stack>-<construct>-<suffix>`. Emulators and older functions use a prefix. */
const PREFIX = /^\/aws\/(lambda|cloudformation)\//;

function isOfStack(name: string, stack: string): boolean {
  const rest = name.replace(PREFIX, '');
  return rest.startsWith(`${stack}-`) || rest.startsWith(`${stack}/`);
}

/** Returns the path of the function's construct, without hash and suffix. */
function functionOf(group: string, stack: string): string {
  const name = group.replace(PREFIX, '').slice(stack.length + 1);
  return /^(\w+?)(Log)?[0-9A-F]{8}/.exec(name)?.[1] ?? name;
}

function pascalCase(name: string): string {
  return name.replaceAll(/(?:^|-)(.)/g, (_, letter: string) => letter.toUpperCase());
}

/** Returns the lines of all groups, oldest first. */
export async function readLines(
  logs: LogsApi,
  groups: readonly string[],
  query: LogQuery,
): Promise<LogLine[]> {
  const lists = await Promise.all(groups.map((group) => linesOf(logs, group, query)));
  return lists.flat().sort((one, other) => one.time - other.time);
}

async function linesOf(logs: LogsApi, logGroupName: string, query: LogQuery): Promise<LogLine[]> {
  const { texts, startTime } = query;
  const filterPattern = texts.map((text) => `"${text.replaceAll('"', '')}"`).join(' ');
  const lines: LogLine[] = [];
  let nextToken: unknown;
  do {
    const page = await logs('FilterLogEvents', {
      logGroupName,
      filterPattern,
      startTime,
      ...(nextToken ? { nextToken } : {}),
    });
    for (const event of (page['events'] ?? []) as LogEvent[]) {
      const line = lineOf(event, logGroupName, query);
      if (line !== undefined) lines.push(line);
    }
    nextToken = page['nextToken'];
  } while (nextToken);
  return lines;
}

function lineOf(
  { timestamp = 0, message = '' }: LogEvent,
  group: string,
  query: LogQuery,
): LogLine | undefined {
  const text = message.trim();
  if (timestamp < query.startTime || text === '' || PLATFORM_LINE.test(text)) return undefined;
  if (!query.texts.every((part) => text.includes(part))) return undefined;
  const fields = jsonIn(text);
  const { level = '', partition, function: name = functionOf(group, query.stack) } = fields;
  if (partition !== undefined && partition !== query.partition) return undefined;
  if (query.functionName === undefined && isRead(fields)) return undefined;
  const shown = typeof fields['message'] === 'string' ? messageOf(fields) : text;
  return { time: timestamp, function: String(name), level: String(level), message: shown };
}

/** True for a request that only reads, such as those of a watching command. */
function isRead({ function: name, method }: Record<string, unknown>): boolean {
  return name === 'jobs-api' && method === 'GET';
}

/** Returns the JSON object of a line, which may follow a prefix of the runtime. */
function jsonIn(text: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(text.slice(Math.max(0, text.indexOf('{'))))) as Record<string, unknown>;
  } catch {
    return {};
  }
}

/** Members that are shown in columns, or are the same for all lines of a job. */
const COLUMN_MEMBERS = ['message', 'timestamp', 'level', 'requestId', 'function', 'partition', 'job'];

function messageOf(fields: Record<string, unknown>): string {
  const more = Object.entries(fields).flatMap(([name, value]) => {
    if (COLUMN_MEMBERS.includes(name)) return [];
    return `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`;
  });
  return [fields['message'], ...more].join(' ');
}
