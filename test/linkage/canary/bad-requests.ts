/** Requests that name the canary and must be refused: whatever is said in the answer, or written to a log on the way. */
import type { Certified } from '../../../apps/ctl/src/certificates/authority.js';
import type { Stack } from '../../../apps/ctl/src/stack/stack.js';
import { fetchOn } from '../../fakes/internal-fetch.js';
import type { Player } from './cast.js';
import type { Side } from './item.js';
import type { Recorder } from './recorder.js';

interface Bad {
  readonly side: Side;
  readonly url: string;
  readonly init?: RequestInit | undefined;
  /** Whose certificate, for internal processes. */
  readonly as?: Certified | undefined;
}

const json = (body: unknown, token?: string): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
  body: typeof body === 'string' ? body : JSON.stringify(body),
});

/** Throws when one of them is taken. */
export async function badRequests(stack: Stack, canary: Player, recorder: Recorder): Promise<void> {
  for (const { side, url, init, as } of await requests(stack, canary, recorder)) {
    const response = await recorder.of(side, fetchOn(stack, as))(url, init);
    if (response.ok) throw new Error(`not refused: ${init?.method ?? 'GET'} ${url}`);
  }
}

/** What every service answers alike, before there is any account: words that say nothing. */
export async function idleRequests(stack: Stack, recorder: Recorder): Promise<void> {
  const sides = { registrar: 'account', nyms: 'pseudonym', keyholder: 'keyholder' } as const;
  for (const [name, side] of Object.entries(sides) as [keyof typeof sides, Side][])
    for (const path of ['/nothing-here', '/v1/tickets', '/v1/pseudonyms', '/v1/mints'])
      for (const body of ['{', '{}']) await recorder.of(side, fetchOn(stack))(`${stack.urls[name]}${path}`, json(body, 'nobody'));
}

async function requests({ urls, issuer }: Stack, { subject, uris }: Player, recorder: Recorder): Promise<Bad[]> {
  const token = await issuer.mint(subject);
  const expired = await issuer.mint(subject, { seconds: -3_600 });
  const redemption = JSON.parse(recorder.redemptions.at(-1)!) as Record<string, string>;
  const uri = encodeURIComponent(uris[0]!);
  const account = (path: string, init?: RequestInit): Bad => ({ side: 'account', url: `${urls.registrar}${path}`, init });
  const pseudonym = (path: string, init?: RequestInit): Bad => ({ side: 'pseudonym', url: `${urls.nyms}${path}`, init });
  const keyholder = (path: string, init: RequestInit, as?: Certified): Bad => ({
    side: 'keyholder',
    url: `${urls.keyholder}${path}`,
    init,
    as,
  });
  return [
    account('/v1/tickets', json({ count: 99 }, token)),
    account('/v1/tickets', json('{"count":', token)),
    account('/v1/tickets', json({ count: 1 }, expired)),
    account('/v1/enrolment', json({ holderKey: redemption['publicKey'], proof: 'x' }, token)),
    account(`/v1/accounts/${encodeURIComponent(subject)}`),
    pseudonym('/v1/pseudonyms', json({ ...redemption, salt: 'AAAAAAAAAAAAAAAAAAAAAA' })),
    pseudonym('/v1/pseudonyms', json({ ...redemption, uri: uris[0] })),
    pseudonym('/v1/pseudonyms', json({ ...redemption, proof: undefined })),
    pseudonym('/v1/pseudonyms', json(JSON.stringify(redemption).slice(0, -5))),
    pseudonym('/v1/pseudonyms', json({ ...redemption, wrapped: 'A'.repeat(70_000) })),
    pseudonym('/v1/pseudonyms/renewals', json({ uri: uris[0], clientUri: redemption['clientUri'], period: 1, signature: 'AA' })),
    pseudonym(`/v1/pseudonyms/${uri}/status`),
    pseudonym(`/v1/pseudonyms/${uri}/account`),
    pseudonym('/v1/signals', {
      method: 'POST',
      headers: { 'content-type': 'application/secevent+jwt' },
      body: `eyJhbGciOiJub25lIn0.${Buffer.from(JSON.stringify({ sub_id: { format: 'uri', uri: uris[0] } })).toString('base64url')}.`,
    }),
    keyholder('/v1/mints', json({ wrapped: redemption['wrapped'], subject: redemption['salt'] })),
    keyholder('/v1/mints', json({ wrapped: redemption['wrapped'], subject: redemption['salt'], uri: uris[0] }), 'nyms'),
    keyholder(`/v1/handles/${uri}`, json({ subject }), 'registrar'),
  ];
}
