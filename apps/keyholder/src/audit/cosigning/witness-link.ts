/** The way to a log witness: mutual TLS to one of our processes (https), or plain HTTP, where signatures alone protect what is said. */
import { ServiceClient, type TlsIdentity } from '#platform';

export interface WitnessAnswer {
  readonly status: number;
  readonly body: string;
}

export interface WitnessCall {
  /** POST of a text with a body, GET without. */
  readonly body?: string;
  readonly signal: AbortSignal;
}

export interface WitnessLink {
  /** @param path under the witness's address. Rejects when nobody answers, or somebody else. */
  request(path: string, call: WitnessCall): Promise<WitnessAnswer>;
  close(): Promise<void>;
}

const type = 'text/plain';

export function linkTo(url: string, identity: TlsIdentity): WitnessLink {
  if (!url.startsWith('https:'))
    return { request: (path, call) => plain(`${url}/${path}`, call), close: () => Promise.resolve() };
  const service = new ServiceClient(url, 'witness', identity);
  return {
    async request(path, { body, signal }) {
      const answer = await service.request(path, { ...(body !== undefined && { type, body }), signal });
      return { status: answer.status, body: await answer.text() };
    },
    close: () => service.close(),
  };
}

async function plain(url: string, { body, signal }: WitnessCall): Promise<WitnessAnswer> {
  const sent = body === undefined ? {} : { method: 'POST', headers: { 'content-type': type }, body };
  const answer = await fetch(url, { ...sent, redirect: 'error', signal });
  return { status: answer.status, body: await answer.text() };
}
