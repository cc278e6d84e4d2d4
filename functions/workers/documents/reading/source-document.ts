import { UnreadableDocument } from '../unreadable-document.ts';

export interface SourceDocument {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export function checkNotEmpty({ bytes }: SourceDocument): void {
  if (bytes.length > 0) return;
  throw new UnreadableDocument(
    'document-empty',
    'the document has 0 bytes: check that its upload was completed',
  );
}
