import { useState } from 'react';

/** A search with a name. */
export interface View {
  readonly name: string;
  readonly search: string;
  readonly sort?: string | undefined;
}

export const BUILT_IN_VIEWS: readonly View[] = [
  { name: 'All', search: '' },
  { name: 'Active', search: 'status:active' },
  { name: 'Waiting', search: 'status:waiting,paused,blocked' },
  { name: 'With failed items', search: 'failed>0' },
  { name: 'Failed', search: 'status:failed,expired' },
  { name: 'Mine', search: 'by:me' },
];

const STORAGE_KEY = 'jobtree.views';

/** Views that were saved in this browser. */
export function useSavedViews() {
  const [views, setViews] = useState(read);
  const store = (next: readonly View[]) => {
    localStorage.setItem(STORAGE_KEY, JSON.stringify(next));
    setViews(next);
  };
  return {
    views,
    /** Replaces a view of the same name. */
    save: (view: View) => store([...views.filter(({ name }) => name !== view.name), view]),
    remove: (name: string) => store(views.filter((view) => view.name !== name)),
  };
}

function read(): readonly View[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(STORAGE_KEY) ?? '[]');
    return Array.isArray(stored) ? stored.filter(isView) : [];
  } catch {
    return [];
  }
}

function isView(value: unknown): value is View {
  return typeof value === 'object' && value !== null && 'name' in value && 'search' in value;
}
