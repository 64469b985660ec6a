import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TestCertificates } from '../../../../test/fakes/certificates.js';
import { tlsKeysOf } from './tls-keys.js';

describe('TLS keys of servers', () => {
  let certificates: TestCertificates;
  beforeAll(async () => void (certificates = await TestCertificates.open()));
  afterAll(() => certificates.close());

  it('are the same where one key serves twice, and missing where nobody shows one', async () => {
    const served = await Promise.all(
      (['keyholder', 'keyholder', 'witness'] as const).map((name) => certificates.serve(name, (_, answer) => answer.end())),
    );
    const [one, two, other] = served.map(({ url }) => url);
    const silent = served.map(({ url }) => url.replace('https:', 'http:'));
    const keys = await tlsKeysOf([one!, two!, other!, ...silent]);
    for (const { server } of served) {
      server.closeAllConnections();
      server.close();
    }
    expect([...keys.keys()].sort()).toEqual([one, two, other].sort());
    expect(keys.get(one!)).toBe(keys.get(two!));
    expect(keys.get(other!)).not.toBe(keys.get(one!));
    expect(await tlsKeysOf([one!])).toEqual(new Map()); // nobody listens any more
  });
});
