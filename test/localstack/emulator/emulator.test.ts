import { describe, expect, test } from 'vitest';
import { restBase } from '../../../localstack/emulator/emulator.ts';

const endpoint = 'http://127.0.0.1:4566';

describe('restBase', () => {
  test('has the form of each emulator, stage v1 included', () => {
    expect(restBase({ kind: 'ministack', endpoint }, 'ab12')).toBe(
      `${endpoint}/restapis/ab12/v1/_user_request_`,
    );
    expect(restBase({ kind: 'localstack', endpoint }, 'ab12')).toBe(`${endpoint}/_aws/execute-api/ab12/v1`);
  });
});
