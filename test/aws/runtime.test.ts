import { S3Client } from '@aws-sdk/client-s3';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { parseBucketName, parseObjectKey } from '#core/object-address.ts';
import { jsonLog, systemRandom } from '../../functions/aws/runtime.ts';
import { MAX_SIGNED_SECONDS, presignGet, presignPut } from '../../functions/aws/sdk/presign.ts';

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

describe('ids', () => {
  test('sort in the order of creation, even within a millisecond', () => {
    const ids = Array.from({ length: 10_000 }, () => systemRandom.id());

    expect(ids.toSorted()).toEqual(ids);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.every((id) => /^[0-9a-hjkmnp-tv-z]{26}$/.test(id))).toBe(true);
  });

  test('keep increasing when the clock is set back', () => {
    vi.useFakeTimers({ now: Date.now() + 1000 });
    const before = systemRandom.id();

    vi.setSystemTime(Date.now() - 60_000);

    expect(systemRandom.id() > before).toBe(true);
  });

  test('begin with the time', () => {
    const [early, late] = [Date.UTC(2090, 0, 1), Date.UTC(2090, 0, 2)].map((now) => {
      vi.useFakeTimers({ now });
      return systemRandom.id();
    });

    expect(early?.slice(0, 10)).not.toBe(late?.slice(0, 10));
    expect(parseInt32(late) - parseInt32(early)).toBe(24 * 60 * 60 * 1000);
  });
});

function parseInt32(id = ''): number {
  const digits = '0123456789abcdefghjkmnpqrstvwxyz';
  return [...id.slice(0, 10)].reduce((time, digit) => time * 32 + digits.indexOf(digit), 0);
}

describe('the log', () => {
  function captured(write: () => void): Record<string, unknown>[] {
    const lines: string[] = [];
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
      lines.push(String(text));
      return true;
    });
    write();
    vi.restoreAllMocks();
    expect(lines.every((line) => line.indexOf('\n') === line.length - 1)).toBe(true);
    return lines.map((line) => JSON.parse(line));
  }

  test('each call is one line with level, text and fields', () => {
    const log = jsonLog({ function: 'track-results' });

    const lines = captured(() => {
      log.info('job ended', { job: 'a' });
      log.warn('slow\nwrite');
      log.alarm('another seal', { children: 3 });
    });

    expect(lines).toMatchObject([
      { level: 'INFO', message: 'job ended', function: 'track-results', job: 'a' },
      { level: 'WARN', message: 'slow\nwrite', function: 'track-results' },
      { level: 'ERROR', alarm: true, message: 'another seal', function: 'track-results', children: 3 },
    ]);
  });

  test('no field can replace the level', () => {
    const [line] = captured(() =>
      jsonLog({ message: 'x' }).alarm('lost', { level: 'INFO', timestamp: 'never' }),
    );

    expect(line).toMatchObject({ level: 'ERROR', message: 'lost' });
    expect(line?.['timestamp']).not.toBe('never');
  });

  test('errors are logged with name and message, without their other members', () => {
    const error = Object.assign(new TypeError('bad'), { Item: { secret: 'x' } });

    const [line] = captured(() => jsonLog().warn('write failed', { error }));

    expect(line).toMatchObject({ error: { name: 'TypeError', message: 'bad' } });
    expect(JSON.stringify(line)).not.toContain('secret');
  });

  test('a value that JSON cannot represent does not throw', () => {
    const circular: Record<string, unknown> = {};
    circular['self'] = circular;

    const lines = captured(() => {
      jsonLog().info('numbers', { large: 2n ** 60n });
      jsonLog().info('circle', { circular });
    });

    expect(lines[0]).toMatchObject({ large: '1152921504606846976' });
    expect(lines[1]).toMatchObject({ level: 'INFO', message: 'circle', unloggable: expect.any(String) });
  });
});

describe('signed URLs', () => {
  const s3 = new S3Client({
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    requestChecksumCalculation: 'WHEN_REQUIRED',
  });
  const target = { bucket: parseBucketName('bucket'), key: parseObjectKey('uploads/p/1') };
  const upload = { ...target, contentType: 'text/csv', sizeBytes: 7 };

  test('are valid for fifteen minutes at most', async () => {
    const url = new URL(await presignGet(s3, target));

    expect(url.searchParams.get('X-Amz-Expires')).toBe(String(MAX_SIGNED_SECONDS));
    await expect(presignGet(s3, { ...target, expiresSeconds: 901 })).rejects.toThrow(
      'cannot be valid for 901 s',
    );
    await expect(presignPut(s3, { ...upload, expiresSeconds: 0 })).rejects.toThrow(RangeError);
  });

  test('have a file name for the download, even if a worker returned half a character', async () => {
    const url = new URL(await presignGet(s3, { ...target, filename: 'a\ud800\r\n"b".pdf' }));

    const header = url.searchParams.get('response-content-disposition');
    expect(header).toBe(`attachment; filename="a____b_.pdf"; filename*=UTF-8''a%EF%BF%BD%0D%0A%22b%22.pdf`);
  });

  test('an upload is bound to its size and content type, but not to a checksum of an empty body', async () => {
    const url = new URL(await presignPut(s3, upload));

    expect(url.searchParams.get('X-Amz-SignedHeaders')).toBe('content-length;content-type;host');
    expect([...url.searchParams.keys()].filter((name) => /checksum/i.test(name))).toEqual([]);
  });

  test('a file name cannot change the disposition of a download', async () => {
    const url = new URL(await presignGet(s3, { ...target, filename: 'a"; filename="b.html\r\nx: y' }));

    expect(url.searchParams.get('response-content-disposition')).toBe(
      'attachment; filename="a___filename__b.html__x__y"; filename*=UTF-8\'\'a%22%3B%20filename%3D%22b.html%0D%0Ax%3A%20y',
    );
  });
});
