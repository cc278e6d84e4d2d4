import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { Duration } from 'aws-cdk-lib';
import { Architecture } from 'aws-cdk-lib/aws-lambda';
import {
  officeToPdfDescription,
  officeToPdfParameters,
} from '../functions/workers/documents/office-to-pdf/parameters.ts';
import { projectFile } from './own-code.ts';
import { Worker, type WorkerImage } from './worker.ts';

export interface OfficeToPdfProps {
  /**
   * Processor of the image. Building for another processor than that of the machine needs an emulator in Docker.
   * @default ARM_64
   */
  readonly architecture?: Architecture;
  /** Folder with fonts of your documents (ttf, otf, ttc), which are added to the image. @default - only free fonts */
  readonly fonts?: string;
}

interface OfficeWorkersProps {
  readonly officeToPdf?: boolean | OfficeToPdfProps;
  readonly local?: boolean;
}

const NAME = 'office-to-pdf';
const DOCKERFILE = `functions/workers/documents/${NAME}/Dockerfile`;
const FONT_FOLDER = 'fonts';
const FONT_TYPES = new Set(['.ttf', '.otf', '.ttc']);
/** LibreOffice may use 1200 MiB, and the PDF is in memory as well. */
const MEMORY_MEBIBYTES = 2048;
const TEMPORARY_MEBIBYTES = 1024;

/** Returns the worker that runs LibreOffice, by name. An emulator runs its code directly, because it has no containers. */
export function officeWorkers({
  officeToPdf = false,
  local = false,
}: OfficeWorkersProps): [string, Worker][] {
  if (officeToPdf === false) return [];
  const image = local ? undefined : imageOf(officeToPdf === true ? {} : officeToPdf);
  const worker = Worker.shipped(
    NAME,
    {
      description: officeToPdfDescription,
      parameters: officeToPdfParameters,
      secondsPerItem: 4,
      batchSize: 1,
      timeout: Duration.minutes(10),
      memorySize: MEMORY_MEBIBYTES,
    },
    image,
  );
  return [[NAME, worker]];
}

function imageOf({ architecture = Architecture.ARM_64, fonts }: OfficeToPdfProps): WorkerImage {
  const files = new Map<string, Uint8Array>([['Dockerfile', readFileSync(projectFile(DOCKERFILE))]]);
  // Docker copies a folder only if it exists.
  files.set(`${FONT_FOLDER}/README`, Buffer.from('Fonts of the documents.\n'));
  for (const [name, bytes] of fontsIn(fonts)) files.set(`${FONT_FOLDER}/${name}`, bytes);
  return { files, architecture, temporaryMebibytes: TEMPORARY_MEBIBYTES };
}

function fontsIn(folder: string | undefined): [string, Uint8Array][] {
  if (folder === undefined) return [];
  const names = existsSync(folder) ? readdirSync(folder) : [];
  const fonts = names.filter((name) => FONT_TYPES.has(extname(name).toLowerCase()));
  if (fonts.length === 0) {
    throw new Error(
      `the folder '${folder}' for officeToPdf.fonts has no fonts; files with ${[...FONT_TYPES].join(', ')} are allowed`,
    );
  }
  return fonts.map((name) => [name, readFileSync(join(folder, name))]);
}
