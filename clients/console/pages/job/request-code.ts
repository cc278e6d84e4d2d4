/** A request as commands and code that create the same job again. The token is a variable in each. */
import type { JobRequest } from 'jobtree/client';

export interface RequestPlace {
  readonly url: string;
  readonly partition: string;
}

export function asCurl(request: JobRequest, { url, partition }: RequestPlace): string {
  return [
    `curl -sS -X POST '${url}/partitions/${encodeURIComponent(partition)}/jobs' \\`,
    `  -H "Authorization: Bearer $JOBTREE_TOKEN" -H 'Content-Type: application/json' \\`,
    `  --data '${shellQuoted(json(request))}'`,
  ].join('\n');
}

export function asCommand(request: JobRequest, { partition }: RequestPlace): string {
  return `jobtree run - --partition '${shellQuoted(partition)}' <<'END'\n${json(request)}\nEND`;
}

export function asTypeScript(request: JobRequest, { url, partition }: RequestPlace): string {
  return [
    "import { Jobtree } from 'jobtree/client';",
    '',
    `const jobtree = new Jobtree({ url: ${JSON.stringify(url)}, token: process.env.JOBTREE_TOKEN, partition: ${JSON.stringify(partition)} });`,
    `const job = await jobtree.createJob(${json(request)});`,
    'const { status, items } = await job.done();',
  ].join('\n');
}

function json(request: JobRequest): string {
  return JSON.stringify(request, null, 2);
}

/** For text between single quotes. */
function shellQuoted(text: string): string {
  return text.replaceAll("'", "'\\''");
}
