/** Common members of job types and templates: named documents, of which each change creates a version. */
import * as z from 'zod';
import { timeOf } from './quantities.ts';

/**
 * Maximum size of a document. Each job that names it reads it, so its row must cost only a few read units.
 */
export const MAX_DOCUMENT_BYTES = 128 * 1024;

/** Maximum number of a partition's own job types, and of its own templates. */
export const MAX_DOCUMENTS_OF_PARTITION = 100;

/** The scope of a document: it belongs to a partition, or is shared by all. */
export const SCOPES = ['partition', 'global'] as const;
export type Scope = (typeof SCOPES)[number];

export const documentDescription = z.string().max(10_000);

/** Identifies one version of a document. */
export interface DocumentVersion {
  readonly name: string;
  /** A number that increases from 1 or, for a deployed document, `deployed-` and a hash of its content. */
  readonly version: string;
}

/** Members of every view of a document. */
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

/** The time at which a version was put, and its author. */
export const putMembers = {
  createTime: timeOf('When this version was put; absent where it is deployed').exactOptional(),
  createdBy: z.string().exactOptional().describe('The sub of the token that put it.'),
};
