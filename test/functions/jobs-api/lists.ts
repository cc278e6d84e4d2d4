import { type ApiWorld, createdJob, JOBS } from './api-world.ts';

export async function worldOf(world: ApiWorld, bodies: Readonly<Record<string, object>>): Promise<ApiWorld> {
  for (const [id, more] of Object.entries(bodies)) {
    world.clock.advance(1_000);
    await createdJob(world, id, { ...BODY_OF_ANY, ...more });
  }
  return world;
}

const BODY_OF_ANY = {
  batch: { splitter: 'range', definition: { from: 0, to: 10 }, worker: 'rehearse' },
};

export function idsOf(body: readonly { id: string }[]): string[] {
  return body.map(({ id }) => id);
}

export function queryOf(parameters: Readonly<Record<string, string>>): string {
  return new URLSearchParams(parameters).toString();
}

/** The query of the next page, as a client finds it. */
export function nextQuery(headers: Readonly<Record<string, string>>): string | undefined {
  const target = /^<([^>]+)>; rel="next"$/.exec(headers['Link'] ?? '')?.[1];
  return target && new URL(target, `https://host.test/v1${JOBS}`).search.slice(1);
}

/** More than any test has: a list that never ends. */
const MAX_PAGES = 100;

export async function allPages(world: ApiWorld, first: string): Promise<{ ids: string[]; pages: number }> {
  const ids: string[] = [];
  let pages = 0;
  for (let query: string | undefined = first; query !== undefined; pages += 1) {
    if (pages === MAX_PAGES) throw new Error(`${first}: the list does not end`);
    const { status, body, text, headers } = await world.call('GET', JOBS, { query });
    if (status !== 200) throw new Error(text);
    ids.push(...idsOf(body));
    query = nextQuery(headers);
  }
  return { ids, pages };
}
