/** A stand-in of SQS in a process of its own. Prints its port. */
import { startFauxqs } from 'fauxqs';

const server = await startFauxqs({ port: 0, logger: false });
process.stdout.write(`${server.port}\n`);
