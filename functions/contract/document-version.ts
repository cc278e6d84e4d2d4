/** What job types and templates have in common: documents by name, of which each change makes a version. */
import * as z from 'zod';
import { timeOf } from './quantities.ts';

/** A document is read for each job that names it: its row stays at a few read units. */
export const MAX_DOCUMENT_BYTES = 128 * 1024;

/** Job types, and templates, that a partition may have of its own. */
export const MAX_DOCUMENTS_OF_PARTITION = 100;

/** Whose a document is: a partition's own, or everyone's. */
export const SCOPES = ['partition', 'global'] as const;
export type Scope = (typeof SCOPES)[number];

export const documentDescription = z.string().max(10_000);

/** What tells one version from all others. */
export interface DocumentVersion {
  readonly name: string;
  /** Counts up from 1; where it comes with the deployment, `deployed-` and a hash of what it says. */
  readonly version: string;
}

/** The members that every view of a document has. */
export const documentMembers = {
  name: z.string(),
  version: z
    .string()
    .describe(
      'Counts up from 1; where it comes with the deployment, `deployed-` and a hash of what it says.',
    ),
  scope: z
    .enum(SCOPES)
    .describe(
      '`partition`: its own, which hides a global one of the same name; `global`: for all partitions.',
    ),
  deployed: z.boolean().describe('Whether it came with the deployment and can be changed only there.'),
};

/** Who made a version, and when. */
export const putMembers = {
  createTime: timeOf('When this version was put; absent where it is deployed').exactOptional(),
  createdBy: z.string().exactOptional().describe('The sub of the token that put it.'),
};
