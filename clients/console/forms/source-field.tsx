import type { FieldProps } from '@rjsf/utils';
import { DropZone } from './drop-zone.tsx';
import { acceptsMany } from './field-kind.ts';
import type { FormContext } from './form-context.ts';
import { useUploads } from './uploads.ts';
import { describedBy } from './widgets.tsx';

/** The address of a file, or of several: dropped files are uploaded and become `upload:<id>`. */
export function SourceField({
  fieldPathId,
  formData,
  schema,
  registry,
  onChange,
  rawErrors = [],
}: FieldProps) {
  const { $id: id, path } = fieldPathId;
  const { uploads, send, forget } = useUploads();
  const { onUpload } = registry.formContext as FormContext;
  const isMany = acceptsMany(schema);
  const sources = [formData].flat().filter((one) => typeof one === 'string');
  const upload = async (files: readonly File[]) => {
    if (!isMany) for (const one of uploads) forget(one.key);
    const done = await send(files);
    if (done.length === 0) return;
    onUpload(
      path.map(String),
      done.map(({ source }) => source),
      done.map(({ file }) => file),
    );
  };
  return (
    <div className="form-source">
      <DropZone
        acceptsMany={isMany}
        uploads={uploads}
        onFiles={upload}
        onForget={({ key, source }) => {
          forget(key);
          onChange(sourceValue(sources.filter((one) => one !== source)), path);
        }}
      />
      <textarea
        id={id}
        className="form-code form-address"
        rows={Math.max(1, Math.min(6, sources.length))}
        value={sources.join('\n')}
        placeholder={isMany ? 'or s3://bucket/key, one in each line' : 'or s3://bucket/key'}
        autoComplete="off"
        spellCheck={false}
        aria-invalid={rawErrors.length > 0}
        aria-describedby={describedBy(id)}
        onChange={({ target: { value } }) => {
          const lines = isMany ? value.split('\n') : [value.replaceAll('\n', '')];
          onChange(sourceValue(lines), path);
        }}
      />
    </div>
  );
}

/** One source is a string, several are a list. */
export function sourceValue(sources: readonly string[]): string | readonly string[] | undefined {
  if (sources.length > 1) return sources;
  return sources[0] === '' ? undefined : sources[0];
}
