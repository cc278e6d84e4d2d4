import { useQuery } from '@tanstack/react-query';
import { type ItemPart, parseJson } from 'jobtree/client';
import { useEffect, useState } from 'react';
import { useApi } from '../../data/api.ts';
import { Button } from '../../parts/button.tsx';
import { formatBytes } from '../../parts/format.ts';
import { Icon } from '../../parts/icons.tsx';
import { CodeView } from '../../parts/json-view.tsx';
import { ErrorBox, Skeleton } from '../../parts/states.tsx';
import { downloadUrl, type PreviewKind, previewKind, TEXT_BYTES } from './preview-kind.ts';

/** The files of an item: preview of text, JSON, images and PDF, and download. */
export function ItemParts({ parts, partition }: { parts: readonly ItemPart[]; partition: string }) {
  return (
    <div className="field">
      <span className="field-label">Files</span>
      <ul className="parts">
        {parts.map((part) => (
          <li key={`${part.type} ${part.filename} ${part.url}`}>
            <PartRow part={part} partition={partition} />
          </li>
        ))}
      </ul>
    </div>
  );
}

function PartRow({ part, partition }: { part: ItemPart; partition: string }) {
  const { filename, mimeType, sizeBytes, note } = part;
  const url = downloadUrl(part);
  const kind = previewKind(part);
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <div className="part">
        <Icon name="file" />
        <span className="part-name">{filename}</span>
        <span className="muted">
          {mimeType}
          {sizeBytes === undefined ? '' : ` · ${formatBytes(sizeBytes)}`}
        </span>
        <span className="button-row">
          {kind === undefined || url === undefined ? null : (
            <Button kind="quiet" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
              {isOpen ? 'Hide' : 'Preview'}
            </Button>
          )}
          {url === undefined ? (
            <span className="muted">{note ?? part.url}</span>
          ) : (
            <DownloadLink url={url} filename={filename} />
          )}
        </span>
      </div>
      {isOpen && kind !== undefined ? <Preview part={part} kind={kind} partition={partition} /> : null}
    </>
  );
}

function DownloadLink({ url, filename }: { url: string; filename: string }) {
  return (
    <a className="button button-quiet" href={url} download={filename} rel="noreferrer">
      <Icon name="download" />
      Download
    </a>
  );
}

interface PreviewProps {
  readonly part: ItemPart;
  readonly kind: PreviewKind;
  readonly partition: string;
}

/** The bytes are read by the page, because a signed link is always a download. */
function Preview({ part, kind }: PreviewProps) {
  const api = useApi();
  const bytes = useQuery({
    queryKey: ['part', part.url],
    queryFn: async ({ signal }) => (await api.download(part, { signal })).arrayBuffer(),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
  if (bytes.isError) return <ErrorBox error={bytes.error} onRetry={() => bytes.refetch()} />;
  if (bytes.data === undefined) return <Skeleton height="block" />;
  if (kind === 'text' || kind === 'json') return <TextPreview bytes={bytes.data} isJson={kind === 'json'} />;
  return <BlobPreview bytes={bytes.data} part={part} kind={kind} />;
}

function TextPreview({ bytes, isJson }: { bytes: ArrayBuffer; isJson: boolean }) {
  const text = new TextDecoder().decode(bytes.slice(0, TEXT_BYTES));
  const isCut = bytes.byteLength > TEXT_BYTES;
  return (
    <>
      <CodeView text={isJson && !isCut ? indented(text) : text} label="Preview" isJson={isJson} />
      {isCut ? (
        <p className="muted">
          The first {formatBytes(TEXT_BYTES)} of {formatBytes(bytes.byteLength)}.
        </p>
      ) : null}
    </>
  );
}

function indented(text: string): string {
  try {
    return JSON.stringify(parseJson(text), null, 2);
  } catch {
    return text;
  }
}

function BlobPreview({ bytes, part, kind }: { bytes: ArrayBuffer; part: ItemPart; kind: 'image' | 'pdf' }) {
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    const created = URL.createObjectURL(new Blob([bytes], { type: part.mimeType }));
    setUrl(created);
    return () => URL.revokeObjectURL(created);
  }, [bytes, part.mimeType]);
  if (url === undefined) return <Skeleton height="block" />;
  if (kind === 'image') return <img className="part-image" src={url} alt={part.filename} />;
  return <iframe className="part-pdf" src={url} title={part.filename} />;
}
