/** Checks every message when it is sent. */
import type { ChunkMessage, SealMessage } from '#contract/messages.ts';
import type { OutgoingMessage, QueueName } from '#core/ports.ts';
import { canonicalJson } from '../../functions/creation/canonical.ts';
import { checkSources } from './flow-checks.ts';
import {
  checkForwarded,
  recordBatch,
  recordChunk,
  recordReport,
  recordUnroutable,
  recordUpdate,
} from './message-truth.ts';
import type { Assignment } from './stage.ts';
import { type RunTruth, runId } from './truth.ts';
import type { Watch } from './watch.ts';

/** The sender of a message, and the step of the schedule at which it last read its state. */
export interface Sender {
  readonly to: Assignment;
  readonly since: number;
}

export function checkSent(
  watch: Watch,
  by: Sender,
  queue: QueueName,
  { body, group }: OutgoingMessage,
): void {
  const message = watch.message(body);
  const { to } = by;
  if (message.kind === undefined) {
    checkUnroutable(watch, to, message.body);
    return;
  }
  const { violated } = watch;
  if (group !== message.partition) violated('a message is in the group of its partition', body);
  watch.checkAccess(to, `P#${encodeURIComponent(message.partition)}#J#${encodeURIComponent(message.job)}`);
  const truth = watch.truthOf(message);
  watch.trace.lines?.push(`      ${queue} ← ${body}`);
  const isSplitter = to.name.startsWith('split');
  switch (message.kind) {
    case 'chunk':
      if (isSplitter) {
        if (truth.flow !== undefined) checkSources(watch, truth, truth.flow, message);
        const { sends } = recordChunk(truth, message, violated);
        checkSends(watch, truth, { ...message, sends, since: by.since });
      } else checkForwarded(truth, message, violated);
      break;
    case 'split':
      if (message.from === 0) recordBatch(truth, message, violated);
      break;
    case 'report':
      recordReport(truth, message, isSplitter, violated);
      break;
    case 'progress':
      recordUpdate(truth, message);
      break;
    case 'seal':
      checkSeal(watch, truth, message);
  }
}

function checkUnroutable(watch: Watch, { name }: Assignment, body: string): void {
  const chunk = JSON.parse(body) as ChunkMessage;
  if (watch.forgeries.has(canonicalJson(chunk))) return;
  if (chunk.kind !== 'chunk' || chunk.worker !== 'nowhere') {
    watch.violated('every message of the service is routable', `${name} found ${body} unroutable`);
  } else recordUnroutable(watch.truthOf(chunk), chunk);
}

function checkSeal(watch: Watch, truth: RunTruth, { path, children }: SealMessage): void {
  if (truth.endedAt !== undefined) return;
  const node = truth.node(path);
  const sizes = `${runId(truth.run)} ${path}: ${children} of ${node.children.size} sent`;
  if (node.childCount !== undefined && node.childCount !== children) {
    watch.violated('a node is sealed with one size', `${sizes}, before it was ${node.childCount}`);
  }
  for (let index = 0; index < children; index += 1) {
    if (!node.children.has(index))
      watch.violated('the seal is sent after the last child', `${sizes}, not ${index}`);
  }
  node.childCount ??= children;
}

interface SentChunk {
  readonly path: string;
  readonly index: number;
  readonly sends: number;
  readonly since: number;
}

function checkSends(watch: Watch, truth: RunTruth, { path, index, sends, since }: SentChunk): void {
  if (truth.endedAt !== undefined) return;
  const location = `${runId(truth.run)} ${path}/${index}`;
  const fence = truth.node(path).fences.findLast(({ at }) => at < since);
  if (fence !== undefined && index < fence.next) {
    watch.violated('no child behind the fence is sent', `${location}, fence ${fence.next}`);
  }
  // A job that a user changes during its launch is launched again, and a slow reader causes a redelivery. The
  // fence makes the second send harmless.
  if (sends > 1 && watch.isFaultless && !truth.wasDisturbed) {
    watch.violated('without faults each chunk is sent once', location);
  }
}
