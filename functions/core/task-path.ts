/** A node of a job's tree: `''` is the root, `'3'` its fourth child, `'3.17'` the eighteenth child of that. */
export type TaskPath = string;

export const ROOT: TaskPath = '';

export function childPath(parent: TaskPath, index: number): TaskPath {
  return parent === ROOT ? String(index) : `${parent}.${index}`;
}

/** Returns the parent node and the position in it; `undefined` for the root. */
export function parentOf(path: TaskPath): { path: TaskPath; index: number } | undefined {
  if (path === ROOT) return undefined;
  const dot = path.lastIndexOf('.');
  return { path: path.slice(0, Math.max(dot, 0)), index: Number(path.slice(dot + 1)) };
}

/** Returns the child of the root that contains a path. In a template, it is a visit of a step. */
export function nodeOf(path: TaskPath): number {
  return Number(path.split('.')[0]);
}

/**
 * Returns the weight of a batch in the progress counters: a hash from 1 to 2^30. Sums of weights are equal
 * only for the same batches, while numbers of batches can be equal by chance. A sum stays exact for up to
 * eight million batches.
 */
export function batchWeight(path: TaskPath): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < path.length; i += 1) hash = Math.imul(hash ^ path.charCodeAt(i), 0x01000193);
  // Hashes of neighbours differ by constant amounts until they are mixed (the end of MurmurHash3), and sums
  // would collide.
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 2) + 1;
}

/** Returns the depth of a node; 0 for the root. */
export function depthOf(path: TaskPath): number {
  return path === ROOT ? 0 : path.split('.').length;
}
