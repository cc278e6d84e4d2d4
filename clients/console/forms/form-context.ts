import type { Path } from './pointer.ts';

/** Events of fields that concern more than their own value. */
export interface FormContext {
  /** Called after files for the source at this path were uploaded. */
  onUpload(path: Path, sources: readonly string[], files: readonly File[]): void;
}
