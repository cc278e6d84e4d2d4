import { useState } from 'react';
import type { JsonObject as Request } from '../../forms/draft.ts';
import { DropZone } from '../../forms/drop-zone.tsx';
import { isObject } from '../../forms/json-schema.ts';
import { pointerOf } from '../../forms/pointer.ts';
import { FieldProblems } from '../../forms/templates.tsx';
import { type FileUpload, useUploads } from '../../forms/uploads.ts';
import { IconButton } from '../../parts/button.tsx';
import { plural } from '../../parts/format.ts';
import { type FormState, problemsBelow } from './form-state.ts';
import { freeId, type Item, itemsOf, partsOf, textOf } from './items.ts';

const MAX_SHOWN = 50;

/** Items of a template, from files. Further members of items are edited as JSON. */
export function ItemsEditor({ draft, problems }: FormState) {
  const { uploads, send, forget } = useUploads();
  const [isTogether, setTogether] = useState(false);
  const items = itemsOf(draft.value);
  const setItems = (update: (items: readonly Item[]) => readonly Item[]) =>
    draft.change((request) => withItems(request, update(itemsOf(request))));
  const upload = async (files: readonly File[]) => {
    const done = await send(files);
    if (done.length > 0) setItems((current) => [...current, ...newItems(current, done, isTogether)]);
  };
  const remove = ({ key, source }: FileUpload) => {
    forget(key);
    if (source !== undefined) setItems((current) => withoutSource(current, source));
  };
  const shownProblems = problemsBelow(problems, 'items').map(
    ({ path, detail }) => `${pointerOf(path)} ${detail}`,
  );
  return (
    <section className="work-part" aria-label="Items">
      <h3>Items</h3>
      <p className="form-description">
        Each item goes through all steps of the template. Files that you drop become items.
      </p>
      <label className="form-check">
        <input type="checkbox" checked={isTogether} onChange={(event) => setTogether(event.target.checked)} />
        Files that are dropped together become one item
      </label>
      <DropZone acceptsMany uploads={uploads} onFiles={upload} onForget={remove} />
      <FieldProblems id="items" problems={shownProblems} />
      {items.length === 0 ? null : (
        <>
          <p className="muted">{plural(items.length, 'item')}</p>
          <ul className="items">
            {items.slice(0, MAX_SHOWN).map((item, at) => (
              <ItemRow
                // biome-ignore lint/suspicious/noArrayIndexKey: an item may have no id, and its index is then its id
                key={`${textOf(item, 'id')} ${at}`}
                item={item}
                at={at}
                onRemove={() => setItems((current) => current.filter((_, index) => index !== at))}
              />
            ))}
          </ul>
          {items.length > MAX_SHOWN ? (
            <p className="muted">The JSON has {items.length - MAX_SHOWN} more.</p>
          ) : null}
        </>
      )}
    </section>
  );
}

function ItemRow({ item, at, onRemove }: { item: Item; at: number; onRemove: () => void }) {
  const id = textOf(item, 'id') || String(at);
  const names = partsOf(item).map((part) => textOf(part, 'filename') || textOf(part, 'url'));
  return (
    <li className="item-row">
      <code className="item-id">{id}</code>
      <span className="muted item-parts">{names.join(', ') || 'no files'}</span>
      <IconButton icon="trash" label={`Remove the item ${id}`} onClick={onRemove} />
    </li>
  );
}

function withItems(request: Request, items: readonly Item[]): Request {
  const { items: _previous, ...others } = request;
  return items.length === 0 ? others : { ...others, items };
}

interface UploadedFile {
  readonly file: File;
  readonly source: string;
}

function newItems(current: readonly Item[], files: readonly UploadedFile[], isTogether: boolean): Item[] {
  const ids = new Set(current.map((item, at) => textOf(item, 'id') || String(at)));
  if (isTogether) return [{ id: freeId(ids, files[0]?.file.name ?? 'files'), parts: files.map(partOf) }];
  return files.map((uploaded) => ({ id: freeId(ids, uploaded.file.name), parts: [partOf(uploaded)] }));
}

function partOf({ file, source }: UploadedFile) {
  return { url: source, filename: file.name, ...(file.type === '' ? {} : { mimeType: file.type }) };
}

function withoutSource(items: readonly Item[], source: string): Item[] {
  return items.flatMap((item) => {
    const parts = partsOf(item);
    const kept = parts.filter((part) => !isObject(part) || part['url'] !== source);
    if (kept.length === parts.length) return [item];
    return kept.length === 0 ? [] : [{ ...item, parts: kept }];
  });
}
