/** Locations in JSON, as segments and as JSON Pointers. */
export type Path = readonly string[];

/** Returns the segments of a JSON Pointer, with or without `#` at its begin. */
export function pathOf(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((segment) => decoded(segment).replaceAll('~1', '/').replaceAll('~0', '~'));
}

export function pointerOf(path: Path): string {
  return path.map((segment) => `/${segment.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** The pointers of the package are percent-encoded; a name may contain a percent sign all the same. */
function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
