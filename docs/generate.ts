/** `npm run docs`: writes the generated parts of docs. A test checks that they are current. */
import { readFileSync, writeFileSync } from 'node:fs';
import { openApiDocument } from '#contract/openapi.ts';
import packageFile from '../package.json' with { type: 'json' };
import { commandLineReference } from './command-line-reference.ts';
import { withLifecycleGraph } from './lifecycle-graph.ts';

const COMMAND_LINE = 'docs/reference/command-line.md';
const LIFECYCLE = 'docs/explanation/job-lifecycle.md';
const OPENAPI = 'docs/openapi.json';

writeFileSync(LIFECYCLE, withLifecycleGraph(readFileSync(LIFECYCLE, 'utf8')));
writeFileSync(OPENAPI, `${JSON.stringify(openApiDocument(packageFile.version), null, 2)}\n`);
writeFileSync(COMMAND_LINE, commandLineReference());
