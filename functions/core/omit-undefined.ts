/** `T` where each member that may be undefined is optional instead. */
export type DefinedMembers<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/** The members that have a value, in the same order. With exactOptionalPropertyTypes, an optional member must not be undefined. */
export function omitUndefined<T extends object>(members: T): DefinedMembers<T> {
  return Object.fromEntries(
    Object.entries(members).filter(([, value]) => value !== undefined),
  ) as DefinedMembers<T>;
}
