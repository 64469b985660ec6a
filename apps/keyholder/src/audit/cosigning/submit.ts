/** How a checkpoint gets to a witness: mutual TLS to one of our processes (https), or plain HTTP, where signatures alone protect it. */
import { ServiceClient, type TlsIdentity } from '#platform';

export interface SubmitAnswer {
  readonly status: number;
  readonly body: string;
}

/** Rejects when nobody answers, or somebody else. */
export type Submit = (body: string, signal: AbortSignal) => Promise<SubmitAnswer>;

const path = 'add-checkpoint';
const type = 'text/plain';

/** @param url submission prefix (C2SP tlog-witness) */
export function submitTo(url: string, identity: TlsIdentity): Submit {
  if (!url.startsWith('https:')) return (body, signal) => plain(`${url}/${path}`, body, signal);
  const service = new ServiceClient(url, 'witness', identity);
  return async (body, signal) => {
    const answer = await service.request(path, { type, body, signal });
    return { status: answer.status, body: await answer.text() };
  };
}

async function plain(url: string, body: string, signal: AbortSignal): Promise<SubmitAnswer> {
  const answer = await fetch(url, { method: 'POST', headers: { 'content-type': type }, body, redirect: 'error', signal });
  return { status: answer.status, body: await answer.text() };
}
