import { describe, expect, it } from '@jest/globals';
import { AddressRefused, endpointFault, isPublicAddress, publicLookup } from './public-addresses.js';

describe('an address', () => {
  it.each([
    '0.0.0.0',
    '10.1.2.3',
    '100.64.0.1',
    '127.0.0.1',
    '127.255.255.254',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '192.0.2.1',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:8.8.8.8',
    '::ffff:127.0.0.1',
    '64:ff9b::a00:1',
    'fc00::1',
    'fd12:3456::1',
    'fe80::1',
    'ff02::1',
    '2001:db8::1',
    '2002:a00:1::1',
    'localhost',
    '',
  ])('%s is not public', (address) => expect(isPublicAddress(address)).toBe(false));

  it.each(['1.1.1.1', '172.32.0.1', '100.128.0.1', '192.167.255.255', '2606:4700::1111', '2a00:1450::1'])(
    '%s is public',
    (address) => expect(isPublicAddress(address)).toBe(true),
  );
});

describe('an endpoint', () => {
  it('is https and public in production', () => {
    for (const url of ['https://hub.example/events', 'https://1.1.1.1/', 'https://[2606:4700::1111]:8443/x'])
      expect(endpointFault(url, true)).toBeUndefined();
    for (const url of [
      'http://hub.example/',
      'http://127.0.0.1/',
      'http://localhost/',
      'https://127.0.0.1/',
      'https://2130706433/', // the same, in one number
      'https://0x7f.1/',
      'https://[::1]/',
      'https://[fd00::1]/',
      'https://user@hub.example/',
      'https://hub.example/#x',
      'ftp://hub.example/',
      'hub.example',
    ])
      expect(`${url} ${endpointFault(url, true)}`).toMatch(/ (must|is)/);
  });

  it('may be http on this machine while developing', () => {
    expect(endpointFault('http://127.0.0.1:8080/events', false)).toBeUndefined();
    expect(endpointFault('http://hub.example/events', false)).toBe('must be https');
  });
});

describe('a look-up', () => {
  const found = (...addresses: string[]) =>
    new Promise((resolve) => {
      const resolver = publicLookup((_host, done) =>
        done(
          null,
          addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
        ),
      );
      resolver('hub.example', { all: true }, (error, list) => resolve(error ?? list));
    });

  it('gives the public addresses of a name, and fails when it has none', async () => {
    expect(await found('10.0.0.1', '1.1.1.1', '::1')).toEqual([{ address: '1.1.1.1', family: 4 }]);
    expect(await found('10.0.0.1', 'fe80::1')).toBeInstanceOf(AddressRefused);
    expect(await found()).toBeInstanceOf(AddressRefused);
  });
});
