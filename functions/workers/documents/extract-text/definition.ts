import type { Part } from '#core/item.ts';
import { defineWorker, type WorkerContext } from '#kit/define-worker.ts';
import { eachDocument } from '../reading/each-document.ts';
import { type ExtractedText, extractText } from './extract-text.ts';
import { type ExtractTextParameters, extractTextParameters } from './parameters.ts';

/** The worker `extract-text`: fetches the documents of an item and extracts their text. */
export const worker = defineWorker<ExtractTextParameters>({
  name: 'extract-text',
  parameters: extractTextParameters,
  // Reading is CPU-bound, so one document is read at a time. The others are fetched and stored meanwhile.
  concurrency: 4,
  async run(item, context) {
    const documents = await eachDocument(
      item,
      { signal: context.signal, extension: 'txt' },
      (part, filename) => readPart(part, filename, context),
    );
    const [first] = documents;
    return documents.length === 1 ? first : sumMeasures(documents);
  },
});

type DocumentMeasures = Omit<ExtractedText, 'text'>;

async function readPart(
  part: Part,
  filename: string,
  context: WorkerContext<ExtractTextParameters>,
): Promise<DocumentMeasures> {
  const { parameters, signal } = context;
  const { maxBytes, maxPages, language } = parameters;
  const bytes = await context.fetchPart(part, { maxBytes });
  const name = part.filename;
  const { text, ...measured } = await extractText(bytes, { name, signal, maxBytes, maxPages, language });
  if (parameters.keepText)
    await context.putPart({ filename, mimeType: 'text/plain; charset=utf-8', body: text });
  return measured;
}

function sumMeasures(documents: readonly DocumentMeasures[]) {
  const sum = (count: (document: DocumentMeasures) => number) =>
    documents.reduce((total, document) => total + count(document), 0);
  return {
    documents,
    characters: sum(({ characters }) => characters),
    words: sum(({ words }) => words),
  };
}
