import type { ErrorSchema, UiSchema } from '@rjsf/utils';
import type { Problem } from './json-schema.ts';
import { type Path, pointerOf } from './pointer.ts';

/** Returns the problems as the form library has them. Those inside of a field of this project are at that field. */
export function errorSchemaOf(problems: readonly Problem[], uiSchema: UiSchema): ErrorSchema {
  const root: Record<string, unknown> = {};
  for (const { path, detail } of problems) {
    const depth = fieldDepth(path, uiSchema);
    let at = root;
    for (const name of path.slice(0, depth)) {
      at[name] ??= {};
      at = at[name] as Record<string, unknown>;
    }
    const inside = path.slice(depth);
    const text = inside.length === 0 ? detail : `${pointerOf(inside)} ${detail}`;
    at['__errors'] = [...((at['__errors'] as string[] | undefined) ?? []), text];
  }
  return root as ErrorSchema;
}

/** Returns the number of segments up to the field that shows the part. */
function fieldDepth(path: Path, uiSchema: UiSchema): number {
  let at: UiSchema | undefined = uiSchema;
  for (const [depth, name] of path.entries()) {
    if (at?.['ui:field'] !== undefined) return depth;
    at = at === undefined ? undefined : memberOf(at, name);
  }
  return path.length;
}

/** The members of a union are those of its branches. */
function memberOf(uiSchema: UiSchema, name: string): UiSchema | undefined {
  const branches = [uiSchema['anyOf'] ?? uiSchema['oneOf'] ?? []].flat() as UiSchema[];
  return (
    uiSchema[name] ??
    branches.map((branch) => branch[name]).find((found) => found !== undefined) ??
    (/^\d+$/.test(name) ? (uiSchema.items as UiSchema | undefined) : undefined)
  );
}
