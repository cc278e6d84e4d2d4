/** The worker on LibreOffice. No test builds its image: synth must not need Docker. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Architecture } from 'aws-cdk-lib/aws-lambda';
import { describe, expect, test } from 'vitest';
import { officeWorkers } from '../../lib/office-worker.ts';
import { projectFile } from '../../lib/own-code.ts';
import { folder, type Synthesized, synthesize } from './synthesized.ts';

const DOCKERFILE = readFileSync(projectFile('functions/workers/documents/office-to-pdf/Dockerfile'), 'utf8');

function functionOf(synthesized: Synthesized) {
  const id = synthesized.functions.get('office-to-pdf');
  const [, found] = synthesized.ofType('AWS::Lambda::Function').find(([each]) => each === id) ?? [];
  return found?.Properties;
}

/** Returns the folder from which `cdk deploy` would build the only image. */
function imageFolder({ outdir }: Synthesized): string {
  const { dockerImages } = JSON.parse(readFileSync(join(outdir, 'jobtree.assets.json'), 'utf8'));
  const [image, ...others] = Object.values<{ source: { directory: string; platform: string } }>(dockerImages);
  expect(others).toEqual([]);
  return join(outdir, image?.source.directory ?? '');
}

describe('office-to-pdf', () => {
  test('is deployed only on request', () => {
    expect(officeWorkers({})).toEqual([]);
    expect(officeWorkers({ officeToPdf: false })).toEqual([]);
  });

  test('is a container image with the bundle, the Dockerfile and the fonts of the app', () => {
    const fonts = mkdtempSync(join(folder, 'fonts-'));
    writeFileSync(join(fonts, 'House.TTF'), 'a font');
    writeFileSync(join(fonts, 'licence.txt'), 'not a font');
    mkdirSync(join(fonts, 'more'));

    const synthesized = synthesize({ officeToPdf: { fonts, architecture: Architecture.X86_64 } });

    expect(functionOf(synthesized)).toMatchObject({
      PackageType: 'Image',
      Architectures: ['x86_64'],
      MemorySize: 2048,
      Timeout: 600,
      EphemeralStorage: { Size: 1024 },
      Code: { ImageUri: expect.anything() },
    });
    expect(functionOf(synthesized)).not.toHaveProperty('Runtime');
    expect(functionOf(synthesized)).not.toHaveProperty('Handler');
    const image = imageFolder(synthesized);
    expect(readdirSync(image).sort()).toEqual([
      'Dockerfile',
      'aws-sdk.mjs',
      'fonts',
      'index.mjs',
      'lease-thread.mjs',
    ]);
    expect(readFileSync(join(image, 'Dockerfile'), 'utf8')).toBe(DOCKERFILE);
    expect(readdirSync(join(image, 'fonts')).sort()).toEqual(['House.TTF', 'README']);
  });

  test('is a zip archive for an emulator, which has no containers', () => {
    const [[, worker] = []] = officeWorkers({ officeToPdf: true, local: true });

    expect(worker?.code).toMatchObject({ memorySize: 2048, image: undefined });
  });

  test('refuses a folder without fonts', () => {
    const empty = mkdtempSync(join(folder, 'no-fonts-'));

    expect(() => officeWorkers({ officeToPdf: { fonts: empty } })).toThrow(
      `the folder '${empty}' for officeToPdf.fonts has no fonts; files with .ttf, .otf, .ttc are allowed`,
    );
  });

  test('has a Dockerfile that copies what the folder has, and starts the handler of the bundle', () => {
    const copied = [...DOCKERFILE.matchAll(/^COPY (?!--from)(\S+)/gm)].map(([, source]) => source);

    expect(copied).toEqual(['fonts', '.']);
    expect(DOCKERFILE).toContain('CMD ["index.handler"]');
    // Every base image and package of npm has a version.
    for (const [, base] of DOCKERFILE.matchAll(/^FROM (\S+)/gm)) expect(base).toMatch(/^node:24-trixie/);
    expect(DOCKERFILE).toMatch(/npm install .*aws-lambda-ric@\d+\.\d+\.\d+/);
  });
});
