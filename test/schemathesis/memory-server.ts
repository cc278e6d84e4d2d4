import { apiWorld } from '../functions/jobs-api/api-world.ts';
import { token } from '../functions/jobs-api/tokens.ts';
import { type ServedApi as Served, serveApi } from '../support/served-api.ts';

export interface ServedApi extends Served {
  readonly token: string;
}

/** Serves the API with memory ports, without the functions behind it. */
export async function serveMemoryApi(): Promise<ServedApi> {
  const { sendUnchecked } = apiWorld();
  return { ...(await serveApi(sendUnchecked)), token: token({ partitions: ['*'], role: 'admin' }) };
}
