/** The pages of the console. Each is loaded when it is opened first. A new page is one entry here. */
import { type ComponentType, type LazyExoticComponent, lazy } from 'react';
import type { IconName } from './parts/icons.tsx';
import type { Role } from './session/token.ts';

export interface PageEntry {
  /** First segment of the address after the partition. */
  readonly path: string;
  /** Further segments, as wouter writes them: `:job`. @default none */
  readonly more?: string;
  /** Entry of the navigation; absent for pages that others link to. */
  readonly nav?: { readonly label: string; readonly icon: IconName };
  /** `g` and this key open the page. */
  readonly key?: string;
  /** Role that the page needs. @default viewer */
  readonly role?: Role;
  readonly Page: LazyExoticComponent<ComponentType>;
}

/** After a deployment, the scripts of the old version are gone. Loading the page again gets the new version. */
function page(load: () => Promise<ComponentType>): LazyExoticComponent<ComponentType> {
  return lazy(async () => ({ default: await load() }));
}

export const PAGES: readonly PageEntry[] = [
  {
    path: 'overview',
    nav: { label: 'Overview', icon: 'overview' },
    key: 'o',
    Page: page(() => import('./pages/overview/overview-page.tsx').then(({ OverviewPage }) => OverviewPage)),
  },
  {
    path: 'jobs',
    nav: { label: 'Jobs', icon: 'jobs' },
    key: 'j',
    Page: page(() => import('./pages/jobs/jobs-page.tsx').then(({ JobsPage }) => JobsPage)),
  },
  {
    path: 'jobs',
    more: ':job',
    Page: page(() => import('./pages/job/job-page.tsx').then(({ JobPage }) => JobPage)),
  },
  {
    path: 'new-job',
    nav: { label: 'New job', icon: 'plus' },
    key: 'n',
    role: 'operator',
    Page: page(() => import('./pages/new-job/new-job-page.tsx').then(({ NewJobPage }) => NewJobPage)),
  },
  {
    path: 'templates',
    nav: { label: 'Templates', icon: 'template' },
    key: 't',
    Page: page(() =>
      import('./pages/documents/documents-page.tsx').then(({ TemplatesPage }) => TemplatesPage),
    ),
  },
  {
    path: 'templates',
    more: ':name',
    Page: page(() => import('./pages/documents/document-page.tsx').then(({ TemplatePage }) => TemplatePage)),
  },
  {
    path: 'job-types',
    nav: { label: 'Job types', icon: 'type' },
    key: 'y',
    Page: page(() => import('./pages/documents/documents-page.tsx').then(({ JobTypesPage }) => JobTypesPage)),
  },
  {
    path: 'job-types',
    more: ':name',
    Page: page(() => import('./pages/documents/document-page.tsx').then(({ JobTypePage }) => JobTypePage)),
  },
  {
    path: 'workers',
    nav: { label: 'Workers', icon: 'worker' },
    key: 'w',
    Page: page(() => import('./pages/registry/workers-page.tsx').then(({ WorkersPage }) => WorkersPage)),
  },
  {
    path: 'workers',
    more: ':name',
    Page: page(() => import('./pages/registry/worker-page.tsx').then(({ WorkerPage }) => WorkerPage)),
  },
  {
    path: 'splitters',
    nav: { label: 'Splitters', icon: 'splitter' },
    key: 's',
    Page: page(() =>
      import('./pages/registry/splitters-page.tsx').then(({ SplittersPage }) => SplittersPage),
    ),
  },
  {
    path: 'splitters',
    more: ':name',
    Page: page(() => import('./pages/registry/splitter-page.tsx').then(({ SplitterPage }) => SplitterPage)),
  },
  {
    path: 'partition',
    nav: { label: 'Partition', icon: 'partition' },
    key: 'p',
    Page: page(() =>
      import('./pages/partition/partition-page.tsx').then(({ PartitionPage }) => PartitionPage),
    ),
  },
  {
    path: 'health',
    nav: { label: 'Health', icon: 'health' },
    key: 'h',
    Page: page(() => import('./pages/health/health-page.tsx').then(({ HealthPage }) => HealthPage)),
  },
];
