import { describe, expect, test } from 'vitest';
import { webAccess } from '../../functions/aws/web-access.ts';

describe('webAccess', () => {
  const local = { JOBTREE_WEB: '{"ports":[8443],"isLocal":true}' };

  test('allows private addresses on an emulator', () =>
    expect(webAccess({ ...local, AWS_ENDPOINT_URL: 'http://127.0.0.1:4566' })).toEqual({
      ports: [8443],
      isLocal: true,
    }));

  test('allows no private address in AWS', () =>
    expect(webAccess(local)).toEqual({ ports: [8443], isLocal: false }));

  test('allows no private address if the stack does not', () =>
    expect(
      webAccess({ JOBTREE_WEB: '{"isLocal":false}', AWS_ENDPOINT_URL: 'http://127.0.0.1:4566' }),
    ).toEqual({
      isLocal: false,
    }));

  test('allows the public web without the variable', () => expect(webAccess({})).toEqual({ isLocal: false }));
});
