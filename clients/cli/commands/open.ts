import type { Context } from '../context.ts';
import { openBrowser } from '../open-browser.ts';
import { type Connection, partitionOf } from '../settings/connection.ts';

export async function run(
  { output, env, signal, connect }: Context,
  _options: object,
  id?: string,
): Promise<void> {
  const connection = connect();
  if (id !== undefined) await partitionOf(connection).job(id).status({ signal });
  const page = consolePage(connection, id);
  const isOpened = output.isForPeople && openBrowser(await signedIn(connection, page), env);
  if (!isOpened) return output.format === 'text' ? output.line(page) : output.json({ url: page });
  output.note(`Opened ${page}`);
}

function consolePage({ url, partition }: Connection, id: string | undefined): string {
  if (partition === undefined) return `${url}/console`;
  const page = `${url}/console/p/${encodeURIComponent(partition)}/jobs`;
  return id === undefined ? page : `${page}/${encodeURIComponent(id)}`;
}

/** A local console is signed in through the fragment of its address, which the browser never sends. */
async function signedIn(connection: Connection, page: string): Promise<string> {
  if (connection.profile?.developmentKey === undefined) return page;
  return `${page}#token=${await connection.token()}`;
}
