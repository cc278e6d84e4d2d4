import { expect, test } from 'vitest';
import { directAccess } from '../../localstack/local-aws.ts';

test('a proxy of the caller is not used for the emulator, for any exclusions of the caller', () => {
  const env = { HTTP_PROXY: 'http://proxy.test:3128', NO_PROXY: 'example.org' };

  const direct = directAccess('http://localhost.emulator.test:4566', env);

  for (const name of ['no_proxy', 'NO_PROXY', 'npm_config_no_proxy']) {
    const hosts = direct[name]?.split(',');
    expect(hosts).toContain('example.org');
    expect(hosts).toEqual(
      expect.arrayContaining([
        'localhost.emulator.test',
        '.localhost.emulator.test',
        'localhost',
        '127.0.0.1',
      ]),
    );
  }
});
