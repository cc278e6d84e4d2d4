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
      'A number that increases from 1. For a deployed document: `deployed-` and a hash of its content.',
    ),
  scope: z
    .enum(SCOPES)
    .describe(
      '`partition`: belongs to the partition and hides a global one of the same name. `global`: for all partitions.',
    ),
  deployed: z
    .boolean()
    .describe('True if it belongs to the deployment. Only another deployment can change it.'),
};

/** The time at which a version was put, and its author. */
export const putMembers = {
  createTime: timeOf('Time at which this version was put; absent if it is deployed').exactOptional(),
  createdBy: z.string().exactOptional().describe('The sub of the token that put this version.'),
};
