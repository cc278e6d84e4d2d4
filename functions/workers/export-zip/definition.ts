import * as v from 'valibot';
import { matchesFilter, type OutcomeGroup, outcomeGroup } from '#contract/outcome-group.ts';
import { PermanentFailure } from '#core/errors.ts';
import { isResult, type OutcomeRecord, type Part } from '#core/item.ts';
import { defineWorker, type WorkerContext } from '#kit/define-worker.ts';
import { parseOutcomes } from '../../store/outcomes.ts';
import { EntryNames } from './entry-names.ts';
import { csvManifest, jsonManifest, type ManifestLine } from './manifest.ts';
import { type ExportZipParameters, exportZipParameters } from './parameters.ts';
import { type ZippedFile, zipStream } from './zip-stream.ts';

type Context = WorkerContext<ExportZipParameters>;

const COMPRESSED =
  /^(text\/|message\/|application\/(json|xml|x-ndjson|yaml|javascript|pdf|rtf|.*\+(json|xml)))/;

/** The worker `export-zip`: streams one archive per item. */
export const worker = defineWorker<ExportZipParameters>({
  name: 'export-zip',
  parameters: exportZipParameters,
  // One archive uses the full network bandwidth, and buffers two parts of its upload.
  concurrency: 1,
  async run({ id, payload }, context) {
    const group = v.safeParse(outcomeGroup, payload);
    if (!group.success) {
      throw new PermanentFailure(
        'invalid-item',
        'the item is not a group of outcomes; use the splitter job-results with `group`, such as 1000',
      );
    }
    const lines: ManifestLine[] = [];
    const files = filesOf(await recordsOf(group.output, context), context, lines);
    const { filename, manifest } = context.parameters;
    const part = await context.putPart({
      filename: `${filename}-${id.replaceAll(/[^\w.-]/g, '_').slice(0, 50)}.zip`,
      mimeType: 'application/zip',
      body: zipStream(files, manifestsOf(manifest, group.output.job, lines)),
    });
    return {
      items: lines.length === 0 ? 0 : new Set(lines.map(({ itemId }) => itemId)).size,
      files: files.length,
      sizeBytes: part.sizeBytes,
    };
  },
});

async function recordsOf(group: OutcomeGroup, { objects, signal }: Context): Promise<OutcomeRecord[]> {
  const records: OutcomeRecord[] = [];
  for (const { key, bytes: range, from, to } of group.objects) {
    signal.throwIfAborted();
    const bytes = await objects.get(objects.locate({ key }), range);
    if (bytes === undefined) {
      throw new PermanentFailure(
        'part-missing',
        `the outcomes of job '${group.job}' do not exist; the job may have been deleted`,
      );
    }
    const some = parseOutcomes(bytes).slice(from, to);
    records.push(...some.filter((record) => matchesFilter(record, group.filter)));
  }
  return records;
}

/** Returns the files of the archive. Adds a manifest line when a file is written, or at once for an item without files. */
function filesOf(records: readonly OutcomeRecord[], context: Context, lines: ManifestLine[]): ZippedFile[] {
  const names = new EntryNames(['manifest.json', 'manifest.csv']);
  return records.flatMap((record) => {
    const { id: itemId, outcome } = record;
    const parts = resultParts(record, context.parameters);
    if (parts.length === 0) lines.push({ itemId, outcome });
    return parts.map((part): ZippedFile => {
      const entry = names.take(itemId, part.filename);
      return {
        entry,
        sizeBytes: part.sizeBytes,
        isCompressed: COMPRESSED.test(part.mimeType),
        async openFile() {
          context.signal.throwIfAborted();
          return untilAborted(await context.openPart(part), context.signal);
        },
        onWritten: (measured) => lines.push({ itemId, outcome, entry, mimeType: part.mimeType, ...measured }),
      };
    });
  });
}

/** Returns the same parts as `GET …/result`: an item that did not succeed has none. */
function resultParts({ outcome, parts = [] }: OutcomeRecord, { meta }: ExportZipParameters): Part[] {
  return outcome === 'succeeded'
    ? parts.filter((part) => isResult(part) && (meta || part.type !== 'META'))
    : [];
}

async function* untilAborted(
  body: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  for await (const bytes of body) {
    signal.throwIfAborted();
    yield bytes;
  }
}

function manifestsOf(formats: ExportZipParameters['manifest'], job: string, lines: readonly ManifestLine[]) {
  const json = { entry: 'manifest.json', make: () => jsonManifest(job, lines) };
  const csv = { entry: 'manifest.csv', make: () => csvManifest(lines) };
  return { json: [json], csv: [csv], both: [json, csv] }[formats];
}
