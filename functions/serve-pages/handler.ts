import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import middy from '@middy/core';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { consoleSettings } from '#contract/console-config.ts';
import { readEnvironment } from '#contract/environment.ts';
import packageFile from '../../package.json' with { type: 'json' };
import { environment } from '../aws/runtime.ts';
import { bucketOrigin } from './page-headers.ts';
import { type PageFiles, servePages } from './serve-pages.ts';

const { bucket } = readEnvironment(['bucket'], environment);
const folder = join(import.meta.dirname, 'pages');
const { signInOrigins, ...config } = consoleSettings.parse(
  JSON.parse(readFileSync(join(import.meta.dirname, 'console.json'), 'utf8')),
);

const serve = servePages({
  files: filesOf(folder),
  origins: {
    bucket: bucketOrigin({
      bucket,
      region: environment['AWS_REGION'] ?? '',
      endpoint: environment['AWS_ENDPOINT_URL'],
    }),
    signIn: signInOrigins,
  },
  config: { ...config, version: packageFile.version },
});

export const handler = middy<APIGatewayProxyEvent, APIGatewayProxyResult>().handler(async (event) =>
  serve(event),
);

/** Files by a list of all names, so that no path can lead out of the folder. */
function filesOf(root: string): PageFiles {
  const names = new Set(readdirSync(root, { recursive: true, encoding: 'utf8' }));
  const texts = new Map<string, string>();
  return (path) => {
    if (!names.has(path) || !/\.\w+$/.test(path)) return undefined;
    const text = texts.get(path) ?? readFileSync(join(root, path), 'utf8');
    texts.set(path, text);
    return text;
  };
}
