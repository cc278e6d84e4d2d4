/** A BullMQ flow from its creation until its parent runs: `node bullmq-flow.mjs <redis port> <children>`. */
import { FlowProducer, Worker } from 'bullmq';

const [port = 0, children = 0] = process.argv.slice(2).map(Number);
const connection = { host: '127.0.0.1', port, maxRetriesPerRequest: null };
const CONCURRENCY = 200;

const flows = new FlowProducer({ connection });
const before = process.cpuUsage();
const begin = performance.now();
await flows.add({
  name: 'parent',
  queueName: 'parents',
  children: Array.from({ length: children }, (_, item) => ({
    name: 'child',
    queueName: 'children',
    data: { item },
    opts: { removeOnComplete: true },
  })),
});
const worker = new Worker('children', async () => undefined, { connection, concurrency: CONCURRENCY });
const parents = new Worker('parents', async () => undefined, { connection });
await new Promise((resolve) => parents.once('completed', resolve));
const seconds = (performance.now() - begin) / 1000;
const { user, system } = process.cpuUsage(before);
await Promise.all([worker.close(), parents.close(), flows.close()]);
process.stdout.write(JSON.stringify({ seconds, cpuMicros: user + system }));
process.exit();
