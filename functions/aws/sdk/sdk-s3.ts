import { Readable } from 'node:stream';
import {
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { omitUndefined } from '#core/omit-undefined.ts';
import type { ExpiringCredentials, ListInput, ListOutput, ObjectAt, S3Calls } from '../calls.ts';
import { type ClientSettings, clientSettings } from './client-settings.ts';

export interface S3Options {
  /** True if the endpoint is an emulator. */
  readonly isLocal: boolean;
  /** @default - the credentials of the function */
  readonly load?: () => Promise<ExpiringCredentials>;
  /** @default - the SDK determines region, endpoint and credentials */
  readonly settings?: ClientSettings;
}

export function deployedS3(options: S3Options): S3Calls {
  return sdkS3(s3Client(options));
}

export function s3Client({ isLocal, load, settings }: S3Options): S3Client {
  return new S3Client({
    ...clientSettings(30),
    ...settings,
    forcePathStyle: isLocal,
    // Otherwise, a signed upload URL contains the checksum of an empty body, and S3 refuses every other body.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    ...omitUndefined({ credentials: load && (() => sdkCredentials(load)) }),
  });
}

async function sdkCredentials(load: () => Promise<ExpiringCredentials>) {
  const { expiresAt, ...credentials } = await load();
  return expiresAt === undefined ? credentials : { ...credentials, expiration: new Date(expiresAt) };
}

export function sdkS3(client: S3Client): S3Calls {
  return {
    async put(at, body, { contentType, ifNoneMatch }) {
      const options = omitUndefined({ ContentType: contentType, IfNoneMatch: ifNoneMatch });
      await client.send(new PutObjectCommand({ ...address(at), Body: body, ...options }));
    },

    async get(at, { range, ifMatch }) {
      const options = omitUndefined({ Range: range, IfMatch: ifMatch });
      const { Body: body } = await client.send(new GetObjectCommand({ ...address(at), ...options }));
      return (await body?.transformToByteArray()) ?? new Uint8Array();
    },

    async head(at) {
      const { ContentLength: sizeBytes = 0, ETag: etag = '' } = await client.send(
        new HeadObjectCommand(address(at)),
      );
      return { sizeBytes, etag };
    },

    list: (input) => listPage(client, input),

    async delete(bucket, keys) {
      const Objects = keys.map((Key) => ({ Key }));
      const command = new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects, Quiet: true } });
      const { Errors: errors = [] } = await client.send(command);
      return errors.map(({ Key, Code, Message }) =>
        omitUndefined({ key: Key, code: Code, message: Message }),
      );
    },

    async upload(at, body, { contentType, partBytes, parallel }) {
      const Body = Readable.from(body, { objectMode: false });
      const params = { ...address(at), Body, ...omitUndefined({ ContentType: contentType }) };
      // Aborts the upload if any part fails.
      await new Upload({ client, params, partSize: partBytes, queueSize: parallel }).done();
    },
  };
}

function address({ bucket, key }: ObjectAt) {
  return { Bucket: bucket, Key: key };
}

async function listPage(
  client: S3Client,
  { bucket, prefix, after, limit, delimiter }: ListInput,
): Promise<ListOutput> {
  const {
    Contents = [],
    CommonPrefixes = [],
    IsTruncated = false,
  } = await client.send(
    new ListObjectsV2Command({
      Bucket: bucket,
      Prefix: prefix,
      StartAfter: after,
      MaxKeys: limit,
      Delimiter: delimiter,
    }),
  );
  return {
    objects: Contents.map(({ Key = '', Size = 0, ETag = '', LastModified }) => ({
      key: Key,
      sizeBytes: Size,
      etag: ETag,
      modifiedTime: LastModified?.getTime() ?? 0,
    })),
    folders: CommonPrefixes.flatMap(({ Prefix }) => Prefix ?? []),
    isTruncated: IsTruncated,
  };
}
