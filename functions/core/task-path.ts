/** A node of a job's tree: `''` is the root, `'3'` its fourth child, `'3.17'` the eighteenth child of that. */
export type TaskPath = string;

export const ROOT: TaskPath = '';

export function childPath(parent: TaskPath, index: number): TaskPath {
  return parent === ROOT ? String(index) : `${parent}.${index}`;
}

/** The node above and the position in it; `undefined` for the root. */
export function parentOf(path: TaskPath): { path: TaskPath; index: number } | undefined {
  if (path === ROOT) return undefined;
  const dot = path.lastIndexOf('.');
  return { path: path.slice(0, Math.max(dot, 0)), index: Number(path.slice(dot + 1)) };
}

/** 0 for the root. */
export function depthOf(path: TaskPath): number {
  return path === ROOT ? 0 : path.split('.').length;
}
