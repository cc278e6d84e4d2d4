/**
 * Evaluates the permissions of the synthesized stack: which objects a function can read with its own role and
 * with a session.
 */
import { describe, expect, test } from 'vitest';
import { parseBucketName } from '#core/object-address.ts';
import { readerPolicies } from '../../functions/store/reader-policy.ts';
import type { JobServiceStackProps } from '../../lib/job-service-stack.ts';
import {
  type AccessRequest,
  getObject,
  isAllowed,
  listBucket,
  type Statement,
} from '../support/policy-evaluator.ts';
import { type Resource, type Synthesized, synthesize, target } from './synthesized.ts';

const BUCKET = parseBucketName('own');
const SESSION = readerPolicies({ bucket: BUCKET, cloud: 'aws' }, 'p').flatMap(
  ({ policy }): Statement[] => JSON.parse(policy).Statement,
);

/** Returns a template value as text, with `own` as the bucket of the service. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  const { Ref, 'Fn::Join': join, 'Fn::GetAtt': attribute } = Object(value);
  if (Ref === 'AWS::Partition') return 'aws';
  if (Array.isArray(join)) return join[1].map(textOf).join(join[0]);
  const [id = '', name = ''] = attribute ?? [];
  return /^JobsBucketObjects/.test(id) && name === 'Arn' ? 'arn:aws:s3:::own' : `${id}.${name}${Ref ?? ''}`;
}

function statementsOf({ Properties }: Resource): Statement[] {
  const policies: { PolicyDocument: { Statement: Statement[] } }[] = Properties['Policies'] ?? [];
  return policies.flatMap(({ PolicyDocument }) =>
    PolicyDocument.Statement.map((statement) => ({
      ...statement,
      Resource: [statement.Resource].flat().map(textOf),
    })),
  );
}

function rolesOf(stack: Synthesized) {
  const roles = new Map(stack.ofType('AWS::IAM::Role'));
  const functions = new Map(stack.ofType('AWS::Lambda::Function'));
  const [readerId = '', reader] = [...roles].find(([id]) => /JobsReaderRole/.test(id)) ?? [];
  const readers = [...stack.functions].filter(([name, id]) => {
    const { Environment: { Variables = {} } = {} } = functions.get(id)?.Properties ?? {};
    return name !== '' && 'JOBTREE_READ_BUCKETS' in Variables;
  });
  const ownRights = new Map(
    readers.map(([name, id]) => {
      const role = roles.get(target(functions.get(id)?.Properties['Role']));
      return [name, role === undefined ? [] : statementsOf(role)];
    }),
  );
  return { readerId, reader: reader && statementsOf(reader), ownRights, functions };
}

const props: JobServiceStackProps = { readBucketNames: ['theirs'] };

describe('a stack with sessions', () => {
  const { readerId, reader = [], ownRights } = rolesOf(synthesize(props));
  const withSession = (request: AccessRequest) => isAllowed(reader, request) && isAllowed(SESSION, request);

  test('lets the session of a partition read its objects and the other buckets', () => {
    for (const area of ['uploads', 'data', 'inbox', 'outputs', 'outcomes'])
      expect(withSession(getObject('own', `${area}/p/x`)), area).toBe(true);
    expect(withSession(listBucket('own', 'data/p/'))).toBe(true);
    expect(withSession(getObject('theirs', 'any/x'))).toBe(true);
    expect(withSession(listBucket('theirs', ''))).toBe(true);
  });

  test.for([
    getObject('own', 'uploads/q/x'),
    getObject('own', 'uploads/p2/x'),
    getObject('own', 'uploads/p'),
    getObject('own', 'outcomes/q/j/1/root/0000000000.jsonl'),
    getObject('own', 'requests/p/j/x.json'),
    getObject('own', 'data/q/uploads/p/x'),
    getObject('another', 'x'),
    listBucket('own', ''),
    listBucket('own', 'uploads/'),
    listBucket('own', 'uploads/q/'),
    listBucket('another', ''),
    { action: 's3:PutObject', resource: 'arn:aws:s3:::own/uploads/p/x' },
    { action: 's3:DeleteObject', resource: 'arn:aws:s3:::own/uploads/p/x' },
    { action: 'kms:Decrypt', resource: 'arn:aws:kms:us-east-1:123456789012:key/1' },
  ])('does not let it do %j', (request) => {
    expect(withSession(request)).toBe(false);
  });

  test('gives no function that runs jobs its own permission to read data of partitions', () => {
    expect([...ownRights.keys()]).toEqual(expect.arrayContaining(['split-batch', 'extract-text', 'http']));
    for (const [name, rights] of ownRights) {
      for (const area of ['uploads', 'data', 'inbox', 'outputs'])
        expect(isAllowed(rights, getObject('own', `${area}/p/x`)), `${name} ${area}`).toBe(false);
      expect(isAllowed(rights, getObject('theirs', 'x')), name).toBe(false);
      expect(isAllowed(rights, { action: 'sts:AssumeRole', resource: `${readerId}.Arn` }), name).toBe(true);
      expect(isAllowed(rights, { action: 'sts:AssumeRole', resource: 'another.Arn' }), name).toBe(false);
    }
  });

  test('a session policy without its partition fails this test', () => {
    const [first, ...others] = SESSION;
    const weaker = [{ ...first, Resource: 'arn:aws:s3:::own/uploads/*' }, ...others] as Statement[];
    const request = getObject('own', 'uploads/q/x');

    expect(isAllowed(reader, request) && isAllowed(weaker, request)).toBe(true);
  });
});

test('a stack on an emulator has no role to assume, and its functions read with their own permissions', () => {
  const { reader, ownRights, functions } = rolesOf(synthesize({ ...props, local: true }));

  expect(reader).toBeUndefined();
  for (const [name, rights] of ownRights)
    expect(isAllowed(rights, getObject('own', 'uploads/p/x')), name).toBe(true);
  expect(JSON.stringify([...functions])).not.toContain('JOBTREE_READER_ROLE');
});

test('functions receive the names of other buckets, and an invalid name is refused at synth', () => {
  const { functions } = rolesOf(synthesize(props));

  const variables = [...functions.values()].map(
    ({ Properties }) => Properties['Environment']?.Variables ?? {},
  );
  expect(variables.map((each) => each['JOBTREE_READ_BUCKETS']).filter(Boolean)).toContain('["theirs"]');
  for (const name of ['a-s3alias', 'xn--a', 'own--x-s3'])
    expect(() => synthesize({ readBucketNames: [name] })).toThrow(/in readBuckets is not allowed/);
});
