import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { functionsFromContext, secretsFromContext } from '../../lib/allowed-by-name.ts';
import { environmentWithoutAws, PROJECT_ROOT } from '../../localstack/local-aws.ts';
import { folder } from './synthesized.ts';

describe('secretsFromContext', () => {
  test('returns each secret with all of its origins', () => {
    const text = 'partner@https://a.example,team/key@eu@https://b.example:8443, partner@https://c.example';

    expect(secretsFromContext(text)).toEqual([
      { name: 'partner', origins: ['https://a.example', 'https://c.example'] },
      { name: 'team/key@eu', origins: ['https://b.example:8443'] },
    ]);
    expect([secretsFromContext(undefined), secretsFromContext('')]).toEqual([[], []]);
  });

  test.for(['partner', 'partner@', '@https://a.example', 'a b@https://a.example', 'partner@a.example'])(
    'refuses %j and describes a valid entry',
    (text) => {
      expect(() => secretsFromContext(text)).toThrow(
        `httpSecrets has '${text}'; each entry must be <secret name>@<origin`,
      );
    },
  );
});

describe('functionsFromContext', () => {
  test('returns each name once', () => {
    expect(functionsFromContext('resize, classify_2,resize')).toEqual([
      { name: 'resize' },
      { name: 'classify_2' },
    ]);
    expect(functionsFromContext(undefined)).toEqual([]);
  });

  test.for(['a b', 'arn:aws:lambda:eu-west-1:000000000000:function:resize', 'x'.repeat(65)])(
    'refuses %j',
    (text) => {
      expect(() => functionsFromContext(text)).toThrow(
        `invokableFunctions has '${text}', which is not a function name`,
      );
    },
  );
});

describe('partitions after a name', () => {
  test('limit a secret and a function to them', () => {
    expect(secretsFromContext('crm:a:b c@https://a.example, crm:b c:a@https://b.example:8443')).toEqual([
      { name: 'crm', origins: ['https://a.example', 'https://b.example:8443'], partitions: ['a', 'b c'] },
    ]);
    expect(functionsFromContext('ocr:a:b,resize')).toEqual([
      { name: 'ocr', partitions: ['a', 'b'] },
      { name: 'resize' },
    ]);
  });

  test.for([
    ['crm:@https://a.example', 'the partition id is empty'],
    ['crm:*@https://a.example', 'a character that is not allowed'],
    [`crm:${'x'.repeat(41)}@https://a.example`, 'at most 40'],
    ['crm:a@https://a.example,crm@https://b.example', "lists 'crm' with different partitions"],
    ['crm:a@https://a.example,crm:b@https://b.example', "lists 'crm' with different partitions"],
    ['arn:aws:secretsmanager:eu-west-1:0:secret:crm@https://a.example', 'each entry must be <secret name>'],
  ] as const)('are refused in %j', ([text, reason]) => {
    expect(() => secretsFromContext(text)).toThrow(reason);
  });

  test.for([
    ['ocr:', 'the partition id is empty'],
    ['ocr:a/b', 'a character that is not allowed'],
    ['ocr:a,ocr', "lists 'ocr' with different partitions"],
  ] as const)('are refused in %j', ([text, reason]) => {
    expect(() => functionsFromContext(text)).toThrow(reason);
  });
});

test.for([
  [{ httpSecrets: 'partner' }, "httpSecrets has 'partner'"],
  [{ invokableFunctions: 'a/b' }, "invokableFunctions has 'a/b'"],
] as const)('the app reads %j, and refuses it with a message', async ([context, reason]) => {
  const env = { ...environmentWithoutAws(), CDK_OUTDIR: folder, CDK_CONTEXT_JSON: JSON.stringify(context) };
  const app = promisify(execFile)(process.execPath, ['bin/job-service.ts'], { cwd: PROJECT_ROOT, env });

  await expect(app).rejects.toThrow(reason);
});
