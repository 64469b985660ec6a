/** `ctl approve` at a key holder that lies about what is being signed: a process answers over real TLS, and gets no signature that it can use. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { digestOf, isRequestSignedBy } from '#approvals';
import { approval, toBase64Url } from '#contracts';
import type { ApprovalRequest, PeopleDocument, RequestEntry } from '#contracts';
import { verify } from '#platform';
import { defaultPolicy } from '#policy';
import { TestCertificates } from '../fakes/certificates.js';
import { TestPeople } from '../fakes/people.js';
import { ctlAt } from './ctl.js';

jest.setTimeout(120_000);

describe('a key holder that lies to those who approve', () => {
  let folder: string;
  let certificates: TestCertificates;
  let people: TestPeople;
  let server: Server;
  let url: string;
  let shown: { people: { digest: string; document: PeopleDocument }; requests: RequestEntry[] };
  let posted: { path: string; body: unknown }[];
  let asked: ApprovalRequest;
  let other: ApprovalRequest;

  const file = (name: string, text: string) => {
    writeFileSync(path.join(folder, name), text);
    return path.join(folder, name);
  };
  const entry = (request: ApprovalRequest, digest = digestOf(request)): RequestEntry => ({
    digest,
    state: 'open',
    ...people.signed(request),
    approvals: [],
  });
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    const json = (value: object) => response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    if (request.method === 'POST') {
      posted.push({ path: request.url!, body: JSON.parse(text) });
      response.writeHead(204).end();
    } else if (request.url === '/v1/people') json({ ...shown.people, generation: 1 });
    else json({ requests: shown.requests });
  }
  const ctl = ctlAt(() => {
    const { tlsCertFile, tlsKeyFile, tlsCaFile } = certificates.files('ctl');
    return {
      cwd: folder,
      env: {
        CTL_KEYHOLDER_URL: url,
        CTL_POLICY_DIR: folder,
        CTL_PEOPLE_FILE: path.join(folder, 'people.json'),
        CTL_PERSON_ID: 'lead-2',
        CTL_PERSON_KEY_FILE: path.join(folder, 'lead-2.pem'),
        ...{ CTL_TLS_CERT_FILE: tlsCertFile, CTL_TLS_KEY_FILE: tlsKeyFile, CTL_TLS_CA_FILE: tlsCaFile },
      },
    };
  });
  const approve = (request: ApprovalRequest) => ctl('approve', digestOf(request).slice(0, 12), '--yes');
  /** One whose digest can be typed. */
  function breakGlass(uri: string): ApprovalRequest {
    const made = people.request('break-glass', { uri: uri as never }, { now: new Date() });
    return digestOf(made).startsWith('-') ? breakGlass(uri) : made;
  }

  beforeAll(async () => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'lying-'));
    certificates = await TestCertificates.open();
    people = await TestPeople.open();
    file('people.json', JSON.stringify(people.document));
    const policy = defaultPolicy({ domain: 'provider.example', audience: 'https://provider.example' });
    file('policy-1.json', JSON.stringify(people.policy(policy)));
    file('lead-2.pem', people.of('lead-2').key.toPem());
    ({ server, url } = await certificates.serve('keyholder', (request, response) => void answer(request, response)));
    asked = breakGlass('mimi://provider.example/p/abcdefghijklmnopqrstuvwxyz');
    other = breakGlass('mimi://provider.example/p/zyxwvutsrqponmlkjihgfedcba');
  });
  beforeEach(() => {
    const { digest, document } = people.registry;
    shown = { people: { digest, document }, requests: [entry(asked)] };
    posted = [];
  });
  afterAll(async () => {
    server.closeAllConnections();
    server.close();
    await certificates.close();
    rmSync(folder, { recursive: true });
  });

  it('gets, when it is honest, a signature over the request that was read, and over nothing else', async () => {
    expect(await approve(asked)).toMatchObject({ code: 0, output: expect.stringContaining('p/abcdefghijklmnopqrstuvwxyz') });
    const [sent, ...more] = posted;
    expect([sent?.path, more]).toEqual([`/v1/requests/${digestOf(asked)}/approvals`, []]);
    const signature = approval.parse(sent?.body);
    const isFor = (request: ApprovalRequest) => isRequestSignedBy('approval', request, signature, people.registry, verify);
    expect([isFor(asked), isFor(other)]).toEqual([true, false]);
  });

  it.each<[string, string, () => void]>([
    [
      'another request under the digest of the one that was named',
      'under a digest that is not its own',
      () => (shown.requests = [entry(other, digestOf(asked))]),
    ],
    [
      'the named one under the digest of another, to have that signed',
      'under a digest that is not its own',
      () => (shown.requests = [entry(asked, digestOf(other))]),
    ],
    ['another request in place of the named one', 'there is no request', () => (shown.requests = [entry(other)])],
    [
      'a request that its requester has not signed',
      'nobody has signed this request as lead-1',
      () => (shown.requests = [{ ...entry(asked), signature: people.signed(other).signature }]),
    ],
    [
      'another registry under the digest of the one in force',
      'a registry of people under another digest',
      () => (shown.people.document = { ...people.document, people: people.document.people.toReversed() }),
    ],
  ])('gets no signature when it shows %s', async (_, words, lie) => {
    lie();
    expect(await approve(asked)).toMatchObject({ code: 1, output: expect.stringContaining(words) });
    expect(posted).toEqual([]);
  });

  it('gets a signature that is worth nothing for the other when it leads somebody to that other', async () => {
    shown.requests = [entry(asked), entry(other)];
    expect((await approve(asked)).output).not.toContain('p/zyxwvutsrqponmlkjihgfedcba');
    expect(posted.map(({ path: at }) => at)).toEqual([`/v1/requests/${digestOf(asked)}/approvals`]);
    const signature = approval.parse(posted[0]?.body);
    expect(isRequestSignedBy('approval', other, signature, people.registry, verify)).toBe(false);
    expect(toBase64Url(people.of('lead-2').key.publicKey)).toBe(people.registry.person('lead-2')?.keys[0]?.key);
  });
});
