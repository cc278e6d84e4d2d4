import { mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, type AppProps } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { inject } from 'vitest';
import { JobServiceStack, type JobServiceStackProps } from '../../lib/job-service-stack.ts';

export interface Resource {
  readonly Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: templates are as deep as AWS made them
  readonly Properties: Readonly<Record<string, any>>;
  readonly DeletionPolicy?: string;
  readonly DependsOn?: readonly string[];
}

/** Output of a synth: the template by logical id, and the files of each function. */
export class Synthesized {
  readonly outdir: string;
  readonly template: Template;

  constructor(outdir: string, template: Template) {
    this.outdir = outdir;
    this.template = template;
  }

  ofType(type: string): [string, Resource][] {
    return Object.entries(this.template.findResources(type)) as [string, Resource][];
  }

  /** Returns the logical ids of the functions, by folder name. */
  get functions(): ReadonlyMap<string, string> {
    return new Map(
      this.ofType('AWS::Lambda::Function').map(([id, { Properties }]) => [nameOf(Properties), id]),
    );
  }

  /** Returns a file from the bundle of this function. */
  file(functionName: string, file: string): Buffer {
    const id = this.functions.get(functionName) ?? '';
    const [, lambda] = this.ofType('AWS::Lambda::Function').find(([candidate]) => candidate === id) ?? [];
    const asset: string = lambda?.Properties['Code'].S3Key ?? 'none.zip';
    return readFileSync(join(this.outdir, `asset.${asset.replace('.zip', '')}`, file));
  }
}

/** Folder for synthesized output. `setup.ts` removes it after the last test. */
export const folder = inject('synthFolder');

export function newApp(props: AppProps = {}): App {
  // Template validation takes seconds, so only one test enables it.
  const outdir = mkdtempSync(join(folder, 'synth-'));
  return new App({ outdir, builtinCloudFormationValidation: false, treeMetadata: false, ...props });
}

export function synthesize(props: JobServiceStackProps = {}, app = newApp()): Synthesized {
  const stack = new JobServiceStack(app, 'jobtree', { documents: true, ...props });
  app.synth();
  return new Synthesized(app.outdir, Template.fromStack(stack));
}

/** Returns the logical id that a reference in a template points to; '' for a plain value. */
export function target(reference: unknown): string {
  const { Ref, 'Fn::GetAtt': attribute } = Object(reference) as {
    Ref?: string;
    'Fn::GetAtt'?: [string, string];
  };
  return Ref ?? attribute?.[0] ?? '';
}

function nameOf({ Tags = [] }: { Tags?: { Key: string; Value: string }[] }): string {
  return Tags.find(({ Key }) => Key === 'jobtree:function')?.Value ?? '';
}
